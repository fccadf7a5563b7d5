//! TLS is real: only a certificate that fits, from a known authority, gets a request.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use heard_api::{Class, Client, ClientOptions, Clock, Credentials, Error, Pacer, Rate, Request, Stage};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority() -> Authority {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(rcgen::DnType::CommonName, "an authority for tests");
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

fn certificate(name: &str) -> CertificateParams {
    CertificateParams::new(vec![name.to_owned()]).unwrap()
}

/// A TLS server on loopback; gives its root and the number of requests that arrived.
async fn serve(params: CertificateParams, authority: &Authority) -> (String, Arc<AtomicUsize>) {
    let key = KeyPair::generate().unwrap();
    let certificate = params.signed_by(&key, authority).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], PrivateKeyDer::try_from(key.serialize_der()).unwrap())
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let root = format!("https://{}/", listener.local_addr().unwrap());
    let requests = Arc::new(AtomicUsize::new(0));
    tokio::spawn({
        let requests = Arc::clone(&requests);
        async move {
            while let Ok((stream, _)) = listener.accept().await {
                // A client that does not trust the certificate ends the handshake.
                let Ok(mut stream) = acceptor.accept(stream).await else {
                    continue;
                };
                if stream.read(&mut [0; 4096]).await.is_ok_and(|length| length > 0) {
                    requests.fetch_add(1, Ordering::AcqRel);
                    let _ =
                        stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}").await;
                }
            }
        }
    });
    (root, requests)
}

fn options(root: &str) -> ClientOptions {
    let pacer = Pacer::new(Rate::Unpaced, Clock::at(0));
    ClientOptions::new(root, Credentials::key("canary"), pacer)
}

fn trusting(root: &str, authority: &Authority) -> (Client, tempfile::NamedTempFile) {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(authority.pem().as_bytes()).unwrap();
    let mut options = options(root);
    options.ca_file = Some(file.path().to_owned());
    (Client::new(options).unwrap(), file)
}

#[tokio::test]
async fn a_server_of_ones_own_is_trusted_through_its_authority() {
    let authority = authority();
    let (root, requests) = serve(certificate("127.0.0.1"), &authority).await;
    let (client, _file) = trusting(&root, &authority);
    assert_eq!(client.send(&Request::new("m")).await.unwrap().status, 200);
    assert_eq!(requests.load(Ordering::Acquire), 1);
}

#[tokio::test]
async fn certificates_that_prove_nothing_get_no_request() {
    let known = authority();
    let mut expired = certificate("127.0.0.1");
    expired.not_after = date_time_ymd(2020, 1, 1);
    let mut future = certificate("127.0.0.1");
    future.not_before = date_time_ymd(4000, 1, 1);
    for (name, params, issuer) in [
        ("unknown authority", certificate("127.0.0.1"), authority()),
        ("wrong name", certificate("example.invalid"), known),
    ] {
        refused(name, params, &issuer, name == "wrong name").await;
    }
    for (name, params) in [("expired", expired), ("not yet valid", future)] {
        refused(name, params, &authority(), true).await;
    }
}

async fn refused(name: &str, params: CertificateParams, issuer: &Authority, known: bool) {
    let (root, requests) = serve(params, issuer).await;
    let trusted = if known { trusting(&root, issuer) } else { trusting(&root, &authority()) };
    for client in [trusted.0, Client::new(options(&root)).unwrap()] {
        let error = client.send(&Request::new("m")).await.unwrap_err();
        assert!(matches!(error, Error::Transport { stage: Stage::Certificate, .. }), "{name}: {error:?}");
        assert_eq!(error.class(), Class::Fatal);
        assert!(!format!("{error:?}").contains("canary"));
    }
    assert_eq!(requests.load(Ordering::Acquire), 0, "{name}");
}

#[test]
fn a_certificate_file_must_hold_certificates() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(b"no certificate").unwrap();
    let mut options = options("https://127.0.0.1/");
    options.ca_file = Some(file.path().to_owned());
    let error = Client::new(options.clone()).unwrap_err();
    assert!(error.to_string().contains("holds no certificate"), "{error}");
    options.ca_file = Some(file.path().with_extension("missing"));
    let error = Client::new(options).unwrap_err();
    assert!(error.to_string().contains("cannot be read"), "{error}");
}
