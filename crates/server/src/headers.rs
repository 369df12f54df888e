//! What browsers are told about every answer.

use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderMap, HeaderName, HeaderValue, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};

use crate::config::Installation;

/// Nothing but our own files, and no page of ours inside another.
const CONTENT: &str = "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; \
                       connect-src 'self'; form-action 'self'; base-uri 'none'; \
                       frame-ancestors 'none'";

/// No page asks for a camera, a place or anything else but a passkey of ours; no page that got in may either.
const PERMISSIONS: &str = "accelerometer=(), autoplay=(), browsing-topics=(), \
                           camera=(), clipboard-read=(), clipboard-write=(), display-capture=(), \
                           encrypted-media=(), fullscreen=(), gamepad=(), geolocation=(), \
                           gyroscope=(), hid=(), idle-detection=(), local-fonts=(), \
                           magnetometer=(), microphone=(), midi=(), payment=(), \
                           picture-in-picture=(), publickey-credentials-create=(self), \
                           publickey-credentials-get=(self), screen-wake-lock=(), serial=(), \
                           storage-access=(), usb=(), xr-spatial-tracking=()";

/// Pages are never kept, not even for the way back: the next person at the screen may look.
const NOT_KEPT: HeaderValue = HeaderValue::from_static("no-store");

/// Sets them. A route that said how long its answer may be kept has the last word on that only.
pub(crate) fn set(headers: &mut HeaderMap, installation: Installation) {
    let always: [(HeaderName, &'static str); 6] = [
        (CONTENT_SECURITY_POLICY, CONTENT),
        (REFERRER_POLICY, "no-referrer"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), PERMISSIONS),
    ];
    for (name, value) in always {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(CACHE_CONTROL).or_insert(NOT_KEPT);
    if installation.behind_tls {
        let two_years = HeaderValue::from_static("max-age=63072000; includeSubDomains");
        headers.insert(STRICT_TRANSPORT_SECURITY, two_years);
    }
}
