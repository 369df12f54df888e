//! A passphrase to 32 bytes, so slowly that few can be tried: Argon2id (RFC 9106), version 0x13.

use argon2::{Algorithm, Argon2, Block, Params, Version};
use zeroize::Zeroizing;

use crate::secret::Secret;
use crate::{Passphrase, PassphraseCost, SealingError};

/// Takes as much memory as the cost says, and wipes it.
pub(crate) fn stretch(
    passphrase: &Passphrase,
    salt: &[u8; 16],
    cost: &PassphraseCost,
) -> Result<Secret, SealingError> {
    let out_of_bounds = |_| SealingError::CostOutOfBounds {
        memory_kib: cost.memory_kib(),
        passes: cost.passes(),
        lanes: cost.lanes(),
    };
    let parameters = Params::new(cost.memory_kib(), cost.passes(), cost.lanes(), Some(32))
        .map_err(out_of_bounds)?;
    let blocks = parameters.block_count();
    // Memory that is not there is an error for one person, not the end of the program.
    let mut memory = Zeroizing::new(Vec::new());
    memory.try_reserve_exact(blocks).map_err(|_| SealingError::NoMemory)?;
    memory.resize(blocks, Block::default());
    let mut stretched = Secret::zero();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters)
        .hash_password_into_with_memory(
            passphrase.bytes(),
            salt,
            stretched.bytes_mut(),
            &mut memory[..],
        )
        .map_err(out_of_bounds)?;
    Ok(stretched)
}

#[cfg(test)]
mod tests {
    use argon2::{AssociatedData, ParamsBuilder};

    use super::*;
    use crate::hex;

    /// RFC 9106 §5.3. It has a secret and associated data, which we use neither of, so that it checks
    /// the library and not our call of it.
    #[test]
    fn the_published_vector_is_met() {
        let parameters = ParamsBuilder::new()
            .m_cost(32)
            .t_cost(3)
            .p_cost(4)
            .output_len(32)
            .data(AssociatedData::new(&[4; 12]).unwrap())
            .build()
            .unwrap();
        let argon2 =
            Argon2::new_with_secret(&[3; 8], Algorithm::Argon2id, Version::V0x13, parameters);
        let mut tag = [0; 32];
        argon2.unwrap().hash_password_into(&[1; 32], &[2; 16], &mut tag).unwrap();
        assert_eq!(
            hex::encode(&tag),
            "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659"
        );
    }

    /// The reference implementation gives the same (argon2-cffi 25.1, `hash_secret_raw`, type ID,
    /// 1 pass over 32 KiB, 1 lane).
    #[test]
    fn our_call_never_changes() {
        let passphrase = Passphrase::entered("correct horse battery staple").unwrap();
        let stretched = stretch(&passphrase, b"saltsaltsaltsalt", &PassphraseCost::OF_TESTS);
        assert_eq!(
            hex::encode(stretched.unwrap().bytes()),
            "43c5f72149de2b00f88d4ee5c4973e49bf8c15880f5f9edacb31635aae342e66"
        );
    }
}
