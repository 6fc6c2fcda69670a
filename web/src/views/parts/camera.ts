// Reads QR codes through the camera. Owns the camera while it runs and lets go of it at the end,
// also when it was stopped before it had started. The reader is loaded only when somebody scans.

import readerWasm from 'zxing-wasm/reader/zxing_reader.wasm?url';

export type CameraTrouble = 'no_camera' | 'denied' | 'broken';

const LOOK_EVERY_MS = 150;
/** Enough for a code that fills half the picture, quick enough for a cheap tablet. */
const PICTURE_WIDTH_MAX = 800;

function trouble(error: unknown): CameraTrouble {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied';
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'no_camera';
  return 'broken';
}

/** Shows the camera in `video` and calls `found` with each code's text until the signal stops it. */
export async function watch(
  video: HTMLVideoElement,
  signal: AbortSignal,
  on: { ready: () => void; found: (text: string) => void; trouble: (why: CameraTrouble) => void },
): Promise<void> {
  let stream: MediaStream | undefined;
  try {
    if (!('mediaDevices' in navigator)) {
      on.trouble('no_camera');
      return;
    }
    const [opened, reader] = await Promise.all([
      navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: 'environment' } }),
      import('zxing-wasm/reader'),
    ]);
    stream = opened;
    reader.prepareZXingModule({
      overrides: { locateFile: (path: string, prefix: string) => (path.endsWith('.wasm') ? readerWasm : prefix + path) },
    });
    if (signal.aborted) return;
    video.srcObject = stream;
    await video.play();
    on.ready();
    const canvas = new OffscreenCanvas(1, 1);
    const picture = canvas.getContext('2d', { willReadFrequently: true });
    while (!signal.aborted && picture !== null) {
      const scale = Math.min(1, PICTURE_WIDTH_MAX / Math.max(1, video.videoWidth));
      const width = Math.round(video.videoWidth * scale);
      const height = Math.round(video.videoHeight * scale);
      if (width > 0 && height > 0) {
        canvas.width = width;
        canvas.height = height;
        picture.drawImage(video, 0, 0, width, height);
        const codes = await reader.readBarcodes(picture.getImageData(0, 0, width, height), {
          formats: ['QRCode'],
          maxNumberOfSymbols: 1,
        });
        const text = codes.find((code) => code.isValid)?.text;
        if (text !== undefined && !signal.aborted) on.found(text);
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  } catch (error) {
    if (!signal.aborted) on.trouble(trouble(error));
  } finally {
    stream?.getTracks().forEach((track) => track.stop());
    video.srcObject = null;
  }
}
