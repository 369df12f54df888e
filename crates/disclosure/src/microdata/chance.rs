//! Numbers that look drawn and are a function of where they are used: the same for any number of
//! threads. They are no noise and protect nobody; everything here comes after the noise.

pub(crate) fn hash(seed: u64, a: u64, b: u64) -> u64 {
    let mut mixed = seed
        .wrapping_add(a.wrapping_mul(0x9e37_79b9_7f4a_7c15))
        .wrapping_add(b.wrapping_mul(0xd1b5_4a32_d192_ed03));
    for _ in 0..2 {
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
    }
    mixed
}

/// In `0..1`.
pub(crate) fn unit(seed: u64, a: u64, b: u64) -> f64 {
    (hash(seed, a, b) >> 11) as f64 / (1_u64 << 53) as f64
}
