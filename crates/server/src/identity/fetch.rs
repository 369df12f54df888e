//! One request to a provider.
//!
//! In: an address, and what is sent there. Out: the body of the answer, or why there is none. Over TLS with
//! the certificates that this machine trusts (`SSL_CERT_FILE` names others); ten seconds at most, 256 KiB at
//! most, no redirect followed: whoever answers is whom the operator named.

use std::error::Error;
use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::body::Bytes;
use axum::http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST};
use axum::http::{HeaderValue, Method, Request, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_rustls::TlsConnector;
use zeroize::Zeroizing;

use super::{Endpoint, Refused, error_code};

/// How long a provider may take for one answer.
const WITHIN: Duration = Duration::from_secs(5);
/// The largest answer, in bytes.
const LARGEST: usize = 256 * 1024;
/// Requests at once: those who are not signed in can cause them.
static AT_ONCE: Semaphore = Semaphore::const_new(8);

type Failed = Box<dyn Error + Send + Sync>;

/// What speaks to providers.
#[derive(Clone, Default)]
pub(crate) struct Fetch {
    /// Made when it is first needed: most installations have no provider.
    trusting: Arc<OnceLock<Arc<ClientConfig>>>,
}

impl fmt::Debug for Fetch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Fetch")
    }
}

/// A form that is sent, and by what the sender shows that it is it.
pub(super) struct Sent {
    pub(super) form: Zeroizing<String>,
    pub(super) authorization: Option<Zeroizing<String>>,
}

impl Fetch {
    /// What stands at an address.
    pub(super) async fn get(
        &self,
        what: &'static str,
        endpoint: &Endpoint,
    ) -> Result<Bytes, Refused> {
        self.ask(what, endpoint, None).await
    }

    /// What is answered to a form.
    pub(super) async fn post(
        &self,
        what: &'static str,
        endpoint: &Endpoint,
        sent: Sent,
    ) -> Result<Bytes, Refused> {
        self.ask(what, endpoint, Some(sent)).await
    }

    async fn ask(
        &self,
        what: &'static str,
        endpoint: &Endpoint,
        sent: Option<Sent>,
    ) -> Result<Bytes, Refused> {
        let failed = |why: String| Refused::Unreachable { what, why };
        let answered = async {
            let _place = AT_ONCE.acquire().await?;
            self.exchange(endpoint, request(endpoint, sent)?).await
        };
        let (status, body) = tokio::time::timeout(WITHIN, answered)
            .await
            .map_err(|_| failed(format!("no answer within {} seconds", WITHIN.as_secs())))?
            .map_err(|error| failed(error.to_string()))?;
        if status == StatusCode::OK {
            return Ok(body);
        }
        let said: Option<Value> = serde_json::from_slice(&body).ok();
        let code = said.as_ref().and_then(|said| said.get("error")?.as_str()).unwrap_or_default();
        Err(Refused::Status { what, status: status.as_u16(), error: error_code(code) })
    }

    async fn exchange(
        &self,
        endpoint: &Endpoint,
        request: Request<Full<Bytes>>,
    ) -> Result<(StatusCode, Bytes), Failed> {
        let (host, port) = endpoint.place();
        let stream = TcpStream::connect((host, port)).await?;
        if !endpoint.is_https() {
            return send(stream, request).await;
        }
        let name = ServerName::try_from(host.to_owned())?;
        send(TlsConnector::from(self.trusting()?).connect(name, stream).await?, request).await
    }

    fn trusting(&self) -> Result<Arc<ClientConfig>, Failed> {
        if let Some(known) = self.trusting.get() {
            return Ok(known.clone());
        }
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        if roots.is_empty() {
            return Err("this machine trusts no certificate: install its CA certificates, or name a file of them in SSL_CERT_FILE".into());
        }
        let made = trusting(roots)?;
        Ok(self.trusting.get_or_init(|| made).clone())
    }
}

/// TLS 1.2 or 1.3, with these roots.
fn trusting(roots: RootCertStore) -> Result<Arc<ClientConfig>, Failed> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

fn request(endpoint: &Endpoint, sent: Option<Sent>) -> Result<Request<Full<Bytes>>, Failed> {
    let uri = endpoint.uri();
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let host = uri.authority().map_or("", |authority| authority.as_str());
    let request =
        Request::builder().uri(path).header(HOST, host).header(ACCEPT, "application/json");
    let Some(Sent { form, authorization }) = sent else {
        return Ok(request.method(Method::GET).body(Full::default())?);
    };
    let mut request = request
        .method(Method::POST)
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Full::new(Bytes::copy_from_slice(form.as_bytes())))?;
    if let Some(authorization) = authorization {
        let mut value = HeaderValue::from_str(&authorization)?;
        value.set_sensitive(true);
        request.headers_mut().insert(AUTHORIZATION, value);
    }
    Ok(request)
}

async fn send<S>(stream: S, request: Request<Full<Bytes>>) -> Result<(StatusCode, Bytes), Failed>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    // Ends with this request.
    let mut beside = JoinSet::new();
    beside.spawn(connection);
    let answer = sender.send_request(request).await?;
    let status = answer.status();
    let body = Limited::new(answer.into_body(), LARGEST).collect().await?.to_bytes();
    Ok((status, body))
}

/// The authority and the server in `made/` were made for these tests only; the authority's key is gone.
#[cfg(test)]
mod tests {
    use rustls::ServerConfig;
    use rustls::pki_types::pem::PemObject;
    use rustls::pki_types::{CertificateDer, PrivateKeyDer};
    use store::Issuer;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;
    use tokio_rustls::TlsAcceptor;

    use super::*;

    fn certificate(pem: &str) -> CertificateDer<'static> {
        CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()
    }

    /// What trusts these authorities.
    fn fetch(authorities: &[&str]) -> Fetch {
        let mut roots = RootCertStore::empty();
        for pem in authorities {
            roots.add(certificate(pem)).unwrap();
        }
        let fetch = Fetch::default();
        fetch.trusting.set(trusting(roots).unwrap()).unwrap();
        fetch
    }

    /// Answers everybody with `{}`, as `localhost`; its port.
    async fn server() -> u16 {
        let key = PrivateKeyDer::from_pem_slice(include_bytes!("made/server.key")).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate(include_str!("made/server.pem"))], key)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let Ok(mut stream) = acceptor.accept(stream).await else { continue };
                let mut head = [0; 1000];
                let read = stream.read(&mut head).await.unwrap();
                assert!(head[..read].starts_with(b"GET /x?y HTTP/1.1\r\nhost: localhost:"));
                let said = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
                stream.write_all(said).await.unwrap();
            }
        });
        port
    }

    #[test]
    fn only_a_server_that_a_trusted_authority_vouches_for_is_asked() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let port = server().await;
            let issuer: Issuer = "https://id.example.org".parse().unwrap();
            let ask = async |fetch: Fetch, host: &str| {
                let endpoint =
                    Endpoint::of(&format!("https://{host}:{port}/x?y"), &issuer).unwrap();
                fetch.get("test", &endpoint).await
            };
            let own = include_str!("made/authority.pem");
            assert_eq!(&ask(fetch(&[own]), "localhost").await.unwrap()[..], b"{}");
            // Another name, no authority, or one that is none: the server itself.
            for (authorities, host) in [
                (&[own][..], "127.0.0.1"),
                (&[][..], "localhost"),
                (&[include_str!("made/server.pem")][..], "127.0.0.1"),
            ] {
                let refused = ask(fetch(authorities), host).await.unwrap_err();
                assert!(matches!(refused, Refused::Unreachable { .. }), "{host}: {refused}");
                assert!(refused.to_string().contains("certificate"), "{host}: {refused}");
            }
        });
    }

    #[test]
    fn whoever_does_not_answer_or_not_in_time_is_given_up() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let issuer: Issuer = "http://127.0.0.1".parse().unwrap();
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let port = listener.local_addr().unwrap().port();
            let endpoint = Endpoint::of(&format!("http://127.0.0.1:{port}/x"), &issuer).unwrap();
            let refused = Fetch::default().get("test", &endpoint).await.unwrap_err();
            assert!(refused.to_string().contains("no answer within 5 seconds"), "{refused}");
            drop(listener);
            let refused = Fetch::default().get("test", &endpoint).await.unwrap_err();
            assert!(refused.to_string().contains("cannot be reached"), "{refused}");
        });
    }
}
