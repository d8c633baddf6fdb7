#include "spool/records.hpp"

#include <zlib.h>

#include <cstdint>
#include <optional>

namespace jobrun::store {
namespace {

constexpr std::string_view magic = "JRS1";
constexpr std::size_t header_size = magic.size() + 8;

void put(std::string& bytes, std::uint32_t number) {
  for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(number >> shift & 0xFFU);
}

std::uint32_t number_at(std::string_view bytes, std::size_t position) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    number |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[position + i])) << (8 * i);
  }
  return number;
}

std::uint32_t checksum(std::string_view payload) {
  return static_cast<std::uint32_t>(
      crc32(0, reinterpret_cast<const Bytef*>(payload.data()), static_cast<uInt>(payload.size())));
}

/// The payload of the record that begins at `position`, if a whole one does.
std::optional<std::string_view> payload_at(std::string_view bytes, std::size_t position) {
  if (bytes.size() - position < header_size) return std::nullopt;
  const std::size_t length = number_at(bytes, position + magic.size());
  if (bytes.size() - position - header_size < length) return std::nullopt;
  const std::string_view payload = bytes.substr(position + header_size, length);
  if (checksum(payload) != number_at(bytes, position + magic.size() + 4)) return std::nullopt;
  return payload;
}

}  // namespace

std::string framed(std::string_view payload) {
  std::string bytes(magic);
  put(bytes, static_cast<std::uint32_t>(payload.size()));
  put(bytes, checksum(payload));
  return bytes += payload;
}

Scan scan(std::string_view bytes) {
  Scan found;
  std::size_t expected = 0;  // where the next record begins, if nothing is damaged
  for (std::size_t at = bytes.find(magic); at != std::string_view::npos; at = bytes.find(magic, at)) {
    const std::optional<std::string_view> payload = payload_at(bytes, at);
    if (!payload) {
      ++at;
      continue;
    }
    if (at != expected) ++found.damaged;
    found.payloads.push_back(*payload);
    at += header_size + payload->size();
    expected = at;
  }
  found.is_end_damaged = expected != bytes.size();
  if (found.is_end_damaged) ++found.damaged;
  return found;
}

}  // namespace jobrun::store
