//! What goes wrong over HTTP: a status and a code that stays the same from version to version. Never
//! tells what a store or a path looks like.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Serialize;

/// Why a request is not answered as asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ApiError {
    /// No such page or file.
    #[error("there is nothing at this address")]
    NotFound,
    /// The address is right, the verb is not.
    #[error("this address only answers GET and HEAD")]
    Method,
    /// `/sync` without a WebSocket handshake.
    #[error("this address speaks WebSocket only")]
    NotWebSocket,
    /// A line that has ended, or never was.
    #[error("this line has ended: connect anew")]
    NoLine,
    /// A body that is not whole frames.
    #[error("the body is not as the protocol says")]
    Malformed,
    /// This address or the whole relay has too many connections.
    #[error("too many connections, try again later")]
    TooMany,
    /// The relay is stopping or cannot use its store.
    #[error("the relay cannot serve at the moment, try again later")]
    Unavailable,
    /// The binary was built without the app.
    #[error("the app is not built into this relay: build web/ first, then the server")]
    NoApp,
}

#[derive(Serialize)]
struct Body {
    code: &'static str,
    message: String,
}

impl ApiError {
    /// Status and stable code.
    pub fn parts(self) -> (StatusCode, &'static str) {
        match self {
            ApiError::NotFound => (StatusCode::NOT_FOUND, "not_found"),
            ApiError::Method => (StatusCode::METHOD_NOT_ALLOWED, "method"),
            ApiError::NotWebSocket => (StatusCode::UPGRADE_REQUIRED, "not_websocket"),
            ApiError::NoLine => (StatusCode::GONE, "no_line"),
            ApiError::Malformed => (StatusCode::BAD_REQUEST, "malformed"),
            ApiError::TooMany => (StatusCode::TOO_MANY_REQUESTS, "too_many"),
            ApiError::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
            ApiError::NoApp => (StatusCode::SERVICE_UNAVAILABLE, "no_app"),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let (status, code) = self.parts();
        (
            status,
            Json(Body {
                code,
                message: self.to_string(),
            }),
        )
            .into_response()
    }
}
