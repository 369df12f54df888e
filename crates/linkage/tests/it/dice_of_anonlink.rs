//! Dice coefficients as anonlink gives them.
//!
//! Six filters of 1,024 bits that clkhash 0.18.3 made of invented records, and the Dice coefficient
//! of every pair by anonlink 0.15.3 (`dice_coefficient_accelerated`, threshold 0).

use linkage::dice::{BitMatrix, Comparison, Path, Threshold};

/// Hexadecimal, the first bit of the filter first.
const FILTERS: [&str; 6] = [
    "24aadf8e2cb05b03600029188ee3b0b2d8558904669b4208a105e1060087102da4ed6832553d73c3\
     4c72144730040402c134e2b4ce16050464e43a343bcde4051121b553adaa9bc8b6c1077151f2b457\
     77f2c2e19cb6806a3487029e80510842b05da6d599a5035b8a23378800856e4a301001690b004451\
     0c4584f1e81ec242",
    "2caff1890c29c20340090d998e82f7a2da44a9083e8a4389290dc584208fb02584285031353d3353\
     6d77164832070e03817489a2ac1824c464e41f40786d6c051921a75bace89a6cf681075085f2bc47\
     ddb2f2e80ebc3466b4a100d7c4310802205d70dd892544898ab22588a085b84ab84809091a244691\
     85470ca0e91e4360",
    "882ca90dd1804a25111c16592814f20c6804a41907db60190ec9ee0de08a54098cd8cd70bfbe13e6\
     0144c31bd292dc04caf61dade9c2811868403b643b304c604ca50391cfbd0f0cddc4acac89b37642\
     769062eb1971912d80841242c4b0402523d9c6087a9a80a2898864861155355a0cc71243be00e227\
     132a0622b9f57041",
    "fe2043893e134a4f12d18bdaacc2661794ce0d0dccde2b0b4825f31d89864006648be339223bd379\
     05d6175050074e44a9dd206a793104047ea10a51c0ed254419935deb1a941d48b10e55a80587303f\
     11d6426c2436a4aab68449e06a25270520ece054a92b87b148b624041496317e1008b1279320a013\
     35cba080ed52104e",
    "34e1a4e12a9040bcb1b70ae242de802cb26880ad058b441411e0a4ad0e35103fc1090daa1d0f07c5\
     23c3c93efc864c878aacfec9ad370d1cf80e12e8a90463e656b20407d6a119edd339939e9bc15097\
     01a48aa22c5da10503f43b61069115a4a55c034c244d832169566484555c673234a107ea3a164a62\
     244c34226dc061cd",
    "fca264e8bc0062320110ca1800a208847040d8e1038910860105070c80561280c44d71a05249134d\
     00061008140604511925006ba8692e257c301ac2503424071db8457a2005427dac4005a46222c145\
     a18600c1660c084214da308004042820050403d48c2d40881020304db0056aaa222023a192404a1d\
     8648a488fd042003",
];

/// First and second filter, and their coefficient.
const PEER: [(u32, u32, f64); 15] = [
    (0, 1, 0.7154861944777912),
    (0, 2, 0.46539379474940334),
    (0, 3, 0.5171192443919717),
    (0, 4, 0.44730679156908665),
    (0, 5, 0.45675675675675675),
    (1, 2, 0.498220640569395),
    (1, 3, 0.5492957746478874),
    (1, 4, 0.43538998835855647),
    (1, 5, 0.48053691275167787),
    (2, 3, 0.47607934655775963),
    (2, 4, 0.5092592592592593),
    (2, 5, 0.37066666666666664),
    (3, 4, 0.4765177548682703),
    (3, 5, 0.463768115942029),
    (4, 5, 0.4412532637075718),
];

#[test]
fn every_pair_as_anonlink_has_it() {
    let word = |hex: &[u8]| {
        u64::from_str_radix(std::str::from_utf8(hex).expect("ASCII"), 16).expect("hexadecimal")
    };
    let words = FILTERS.iter().flat_map(|filter| filter.as_bytes().chunks(16)).map(word).collect();
    let filters = BitMatrix::new(1024, words).expect("six whole filters");
    let none = Threshold::dice(0, 1).expect("a fraction");
    for path in [Path::Scalar, Path::Avx2, Path::Avx512].into_iter().filter(|path| path.is_here()) {
        let comparison = Comparison::within(&filters, none).on(path).expect("it is here");
        let pairs = comparison.pairs(100).expect("fifteen pairs");
        let found: Vec<(u32, u32, f64)> =
            pairs.iter().map(|pair| (pair.first, pair.second, pair.dice())).collect();
        assert_eq!(found, PEER, "{path:?}");
    }
}
