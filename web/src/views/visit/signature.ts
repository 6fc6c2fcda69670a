// A drawn signature as a short text: strokes as points on a sheet of fixed size, `x,y x,y;x,y`. Owns
// its bound: what is drawn on after that is not taken, so that it always fits into a record.

export const WIDTH = 600;
export const HEIGHT = 200;
const LEN_MAX = 7_500;
/** Points nearer than this to the last one add nothing. */
const NEAR = 4;

export type Point = readonly [number, number];

export function encode(strokes: readonly (readonly Point[])[]): string {
  return strokes.map((stroke) => stroke.map(([x, y]) => `${x},${y}`).join(' ')).join(';');
}

/** What makes no strokes makes none: it may come from anybody. */
export function decode(text: string): Point[][] {
  if (!/^[\d,; ]*$/.test(text) || text === '') return [];
  return text.split(';').map((stroke) =>
    stroke.split(' ').flatMap((point): Point[] => {
      const [x, y] = point.split(',').map(Number);
      return x === undefined || y === undefined || x > WIDTH || y > HEIGHT ? [] : [[x, y]];
    }),
  );
}

/** With one more point in the last stroke, where it adds something and there is room. */
export function withPoint(strokes: readonly (readonly Point[])[], [x, y]: Point): Point[][] {
  const point: Point = [Math.round(Math.min(Math.max(x, 0), WIDTH)), Math.round(Math.min(Math.max(y, 0), HEIGHT))];
  const before = strokes.slice(0, -1).map((stroke) => [...stroke]);
  const last = strokes.at(-1) ?? [];
  const end = last.at(-1);
  if (end && Math.hypot(end[0] - point[0], end[1] - point[1]) < NEAR) return [...before, [...last]];
  const longer = [...before, [...last, point]];
  return encode(longer).length > LEN_MAX ? [...before, [...last]] : longer;
}

/** For a path of an SVG. A dot is a short line. */
export function path(strokes: readonly (readonly Point[])[]): string {
  return strokes
    .filter((stroke) => stroke.length > 0)
    .map((stroke) => `M${stroke.map(([x, y]) => `${x} ${y}`).join('L')}${stroke.length === 1 ? 'h1' : ''}`)
    .join('');
}
