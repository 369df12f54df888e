//! The files that pages load, compiled in.
//!
//! A file's address holds the beginning of its digest, so that browsers may keep it for ever: a
//! changed file has another address.

use std::sync::LazyLock;

/// One file.
pub(crate) struct Asset {
    name: &'static str,
    /// The last part of its address.
    pub(crate) file: String,
    pub(crate) kind: &'static str,
    pub(crate) bytes: &'static [u8],
}

static ASSETS: LazyLock<[Asset; 9]> = LazyLock::new(|| {
    [
        Asset::new(
            "clearway.css",
            "text/css; charset=utf-8",
            include_bytes!("../static/clearway.css"),
        ),
        Asset::new(
            "draft.js",
            "text/javascript; charset=utf-8",
            include_bytes!("../static/draft.js"),
        ),
        Asset::new(
            "exit.js",
            "text/javascript; charset=utf-8",
            include_bytes!("../static/exit.js"),
        ),
        Asset::new(
            "idle.js",
            "text/javascript; charset=utf-8",
            include_bytes!("../static/idle.js"),
        ),
        Asset::new("job.js", "text/javascript; charset=utf-8", include_bytes!("../static/job.js")),
        // For the parts of the state report that pages take over.
        Asset::new("report.css", "text/css; charset=utf-8", report::STYLE_OF_PARTS.as_bytes()),
        Asset::new(
            "passkey.js",
            "text/javascript; charset=utf-8",
            include_bytes!("../static/passkey.js"),
        ),
        Asset::new(
            "reveal.js",
            "text/javascript; charset=utf-8",
            include_bytes!("../static/reveal.js"),
        ),
        Asset::new("icon.svg", "image/svg+xml", include_bytes!("../static/icon.svg")),
    ]
});

impl Asset {
    fn new(name: &'static str, kind: &'static str, bytes: &'static [u8]) -> Asset {
        let digest = blake3::hash(bytes).to_hex();
        let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
        Asset { name, file: format!("{stem}.{}.{ending}", &digest[..16]), kind, bytes }
    }

    /// The file with this last part of an address, digest included.
    pub(crate) fn at(file: &str) -> Option<&'static Asset> {
        ASSETS.iter().find(|asset| asset.file == file)
    }
}

/// The address of a file, by its plain name.
pub(crate) fn asset(name: &str) -> String {
    let found = ASSETS.iter().find(|asset| asset.name == name);
    debug_assert!(found.is_some(), "no file {name}");
    found.map_or(String::new(), |asset| format!("/static/{}", asset.file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_leads_to_its_file() {
        for asset_of in ASSETS.iter() {
            let address = asset(asset_of.name);
            let found = Asset::at(address.strip_prefix("/static/").unwrap()).unwrap();
            assert_eq!(found.name, asset_of.name);
        }
        assert!(Asset::at("clearway.css").is_none(), "the plain name must not be kept for ever");
    }
}
