//! The route table, all of it.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use axum::{
    Extension, Json, Router,
    body::Bytes,
    extract::{
        DefaultBodyLimit, State, WebSocketUpgrade, ws::rejection::WebSocketUpgradeRejection,
    },
    http::{HeaderMap, header},
    middleware::map_response,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use futures_util::StreamExt as _;
use satchel_wire::frame::{FRAME_LEN_MAX, PROTOCOL};
use serde::Serialize;

use super::{Peer, Shared, gate::Pass, line, socket};
use crate::{assets, error::ApiError, store::Store as _};

/// Enough for a frame and a half; a connection costs this much while it reads.
const READ_BUFFER_LEN: usize = 16 * 1024;
const WRITE_BUFFER_LEN_MAX: usize = 1024 * 1024;

pub(super) fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/sync", get(sync))
        .route("/line", post(line))
        .layer(DefaultBodyLimit::max(line::BODY_LEN_MAX))
        .route("/health", get(health))
        .route("/metrics", get(metrics))
        .fallback(assets::serve)
        .layer(map_response(assets::secure))
        .with_state(shared)
}

async fn sync(
    State(shared): State<Arc<Shared>>,
    Extension(Peer(peer)): Extension<Peer>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, ApiError> {
    let upgrade = upgrade.map_err(|_| ApiError::NotWebSocket)?;
    let pass = enter(&shared, peer, &headers)?;
    Ok(upgrade
        .read_buffer_size(READ_BUFFER_LEN)
        .write_buffer_size(READ_BUFFER_LEN)
        .max_write_buffer_size(WRITE_BUFFER_LEN_MAX)
        .max_message_size(FRAME_LEN_MAX)
        .max_frame_size(FRAME_LEN_MAX)
        .on_upgrade(move |socket| async move {
            let (sink, stream) = socket.split();
            socket::converse(&shared, sink, stream).await;
            drop(pass);
        }))
}

async fn line(
    State(shared): State<Arc<Shared>>,
    Extension(Peer(peer)): Extension<Peer>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, ApiError> {
    line::answer(&shared, || enter(&shared, peer, &headers), body).await
}

/// A place for one more connection.
fn enter(shared: &Shared, peer: SocketAddr, headers: &HeaderMap) -> Result<Pass, ApiError> {
    if *shared.stopping.borrow() {
        return Err(ApiError::Unavailable);
    }
    let address = if shared.settings.trusts_proxy {
        forwarded(headers)
    } else {
        None
    };
    let pass = shared.gate.enter(address.unwrap_or(peer.ip()));
    pass.ok_or_else(|| {
        shared.metrics.connections_refused.up();
        ApiError::TooMany
    })
}

/// The last entry is the proxy's own word; those before it are anybody's.
fn forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers.get_all("x-forwarded-for").into_iter().next_back()?;
    last.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()
}

#[derive(Serialize)]
struct Health {
    status: &'static str,
    version: &'static str,
    protocol: u16,
}

async fn health(State(shared): State<Arc<Shared>>) -> Result<Json<Health>, ApiError> {
    let asked = shared
        .readers
        .run(|store| store.read(|read| read.identity()));
    let within = tokio::time::timeout(Duration::from_secs(2), asked).await;
    match within {
        Ok(Some(Ok(Some(_)))) if !*shared.stopping.borrow() => Ok(Json(Health {
            status: "ok",
            version: env!("CARGO_PKG_VERSION"),
            protocol: PROTOCOL,
        })),
        _ => Err(ApiError::Unavailable),
    }
}

async fn metrics(State(shared): State<Arc<Shared>>) -> impl IntoResponse {
    (
        [(header::CONTENT_TYPE, "text/plain; version=0.0.4")],
        shared.metrics.render(),
    )
}
