//! Where clients call from.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use tokio::net::{TcpSocket, TcpStream};

/// How much a client's own system keeps of what it sends: enough for hundreds of requests, and bounded, so that thousands of clients
/// on one computer do not fill its memory with what they have not been asked for.
const SEND_BUFFER: u32 = 32 * 1024;

/// The addresses of a crowd. The proxy counts by /24.
#[derive(Clone, Copy)]
pub(crate) enum Place {
    /// The address every program of this computer calls from.
    Here,
    /// All addresses of one network, 127.N.0.0/24.
    Network(u8),
    /// Networks of the range 127.N.0.0/16, one for each client as long as there are any.
    Networks(u8),
}

impl Place {
    /// The address of client `number`.
    fn address(self, number: usize) -> Ipv4Addr {
        let low = |n: usize| u8::try_from(n % 250).unwrap_or(0);
        match self {
            Self::Here => Ipv4Addr::LOCALHOST,
            Self::Network(range) => Ipv4Addr::new(127, range, 0, low(number) + 1),
            Self::Networks(range) => Ipv4Addr::new(127, range, low(number), 1),
        }
    }

    /// Connects as client `number`.
    pub(crate) async fn connect(self, number: usize, to: SocketAddr) -> std::io::Result<TcpStream> {
        let socket = TcpSocket::new_v4()?;
        if !matches!(self, Self::Here) {
            // The port is chosen now, before it is known whom it calls: without this, ports that wait for late packets are missing.
            socket.set_reuseaddr(true)?;
            socket.bind(SocketAddr::new(IpAddr::V4(self.address(number)), 0))?;
        }
        socket.set_send_buffer_size(SEND_BUFFER)?;
        let stream = socket.connect(to).await?;
        stream.set_nodelay(true)?;
        Ok(stream)
    }
}
