// The currencies of §6 with their network's family and the decimals of §6's recommendation: min(native, 8), stablecoins 6.
export const CURRENCIES = [
  { name: 'BTC', network: 'bitcoin', scale: 8 },
  { name: 'LTC', network: 'litecoin', scale: 8 },
  { name: 'XDG', network: 'dogecoin', scale: 8 },
  { name: 'ETH', network: 'evm', scale: 8 },
  { name: 'USDT', network: 'evm', scale: 6 },
  { name: 'USDC', network: 'evm', scale: 6 },
  { name: 'DAI', network: 'evm', scale: 6 },
  { name: 'TRX', network: 'tron', scale: 6 },
  { name: 'USDT_TRX', network: 'tron', scale: 6 },
  { name: 'BNB', network: 'evm', scale: 8 },
  { name: 'USDT_BSC', network: 'evm', scale: 6 },
  { name: 'POL', network: 'evm', scale: 8 },
  { name: 'USDT_MATIC', network: 'evm', scale: 6 },
];
