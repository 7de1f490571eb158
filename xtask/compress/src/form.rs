//! The two compressed forms, each at the highest level.

use std::io::Write;

use anyhow::{Context, Result};

/// Into blocks of how many bytes brotli divides what it reads, as powers of two; with 0 it decides by itself. Which is the best is found out
/// by trying.
const BLOCKS: [i32; 5] = [0, 16, 17, 18, 20];

/// Brotli at quality 11, in the division that is the shortest.
pub(crate) fn brotli(content: &[u8]) -> Result<Vec<u8>> {
    let mut shortest: Option<Vec<u8>> = None;
    for lgblock in BLOCKS {
        let mut compressed = Vec::new();
        let parameters = brotli::enc::BrotliEncoderParams {
            quality: 11,
            lgwin: 22,
            lgblock,
            size_hint: content.len(),
            ..Default::default()
        };
        brotli::BrotliCompress(&mut &*content, &mut compressed, &parameters)
            .context("brotli failed")?;
        if shortest
            .as_ref()
            .is_none_or(|it| compressed.len() < it.len())
        {
            shortest = Some(compressed);
        }
    }
    shortest.context("there is a division to try")
}

/// Gzip at level 9, without a time stamp, so that the same content gives the same bytes.
pub(crate) fn gzip(content: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = flate2::GzBuilder::new()
        .mtime(0)
        .write(Vec::new(), flate2::Compression::best());
    encoder.write_all(content).context("gzip failed")?;
    encoder.finish().context("gzip failed")
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::{brotli, gzip};

    #[test]
    fn what_is_compressed_comes_back_and_is_the_same_each_time() {
        let content = b"Send only USDT on Tron. ".repeat(400);
        let (br, gz) = (brotli(&content).unwrap(), gzip(&content).unwrap());
        assert!(br.len() < 200 && gz.len() < 400);
        assert_eq!(gz, gzip(&content).unwrap());

        let mut from_gz = Vec::new();
        flate2::read::GzDecoder::new(&*gz)
            .read_to_end(&mut from_gz)
            .unwrap();
        assert_eq!(from_gz, content);
        let mut from_br = Vec::new();
        brotli::BrotliDecompress(&mut &*br, &mut from_br).unwrap();
        assert_eq!(from_br, content);
    }
}
