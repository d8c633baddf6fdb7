#include "setting_values.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>

#include "console_api/country_codes.hpp"

namespace jobrun::app {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_printable(char c) {
  return c > 0x20 && c < 0x7F;
}

struct Unit {
  std::string_view name;
  Duration length;
};

constexpr std::array<Unit, 5> units = {{{"ms", std::chrono::milliseconds(1)},
                                        {"s", std::chrono::seconds(1)},
                                        {"m", std::chrono::minutes(1)},
                                        {"h", std::chrono::hours(1)},
                                        {"d", std::chrono::hours(24)}}};

constexpr Duration duration_max = std::chrono::hours(24) * 366;

std::optional<Duration> take_part(std::string_view& text) {
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc{} || count < 0 || count > duration_max.count()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  std::size_t length = 0;
  while (length < text.size() && !is_digit(text[length])) ++length;
  const auto unit = std::ranges::find(units, text.substr(0, length), &Unit::name);
  if (unit == units.end() || count > duration_max / unit->length) return std::nullopt;
  text.remove_prefix(length);
  return count * unit->length;
}

bool is_host(std::string_view host) {
  if (host.starts_with('[') && host.ends_with(']')) {
    const std::string inner(host.substr(1, host.size() - 2));
    in6_addr address{};
    return inet_pton(AF_INET6, inner.c_str(), &address) == 1;
  }
  constexpr std::size_t host_max = 253;
  const auto fits = [](char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '.'; };
  return !host.empty() && host.size() <= host_max && std::ranges::all_of(host, fits) && host.front() != '-' &&
         host.front() != '.' && host.find("..") == std::string_view::npos;
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return port;
}

/// `host` or `host:port`, brackets kept.
struct Authority {
  std::string_view host;
  std::optional<std::string_view> port;
};

Authority split_authority(std::string_view text) {
  const std::size_t bracket = text.rfind(']');
  const std::size_t colon = text.rfind(':');
  const bool has_port = colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket);
  if (!has_port) return {text, std::nullopt};
  return {text.substr(0, colon), text.substr(colon + 1)};
}

std::string_view authority_of(std::string_view url) {
  const std::size_t start = url.find("://");
  const std::string_view rest = start == std::string_view::npos ? url : url.substr(start + 3);
  return rest.substr(0, rest.find('/'));
}

int hexadecimal(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '%') {
      decoded += text[at];
      continue;
    }
    if (at + 2 >= text.size()) return std::nullopt;
    const int high = hexadecimal(text[at + 1]);
    const int low = hexadecimal(text[at + 2]);
    if (high < 0 || low < 0 || high + low == 0) return std::nullopt;
    decoded += static_cast<char>(high * 16 + low);
    at += 2;
  }
  return decoded;
}

}  // namespace

Result<Duration> parse_duration(std::string_view text) {
  Duration total{0};
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::optional<Duration> part = take_part(rest);
    if (!part || total + *part > duration_max) {
      return invalid(
          "must be a duration of at most 366 days with its unit (ms, s, m, h, d), for example 45m or 1h30m");
    }
    total += *part;
  }
  if (text.empty()) return invalid("must be a duration with its unit, for example 45m");
  return total;
}

Result<std::int64_t> parse_whole_number(std::string_view text, std::int64_t least, std::int64_t most) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number < least || number > most) {
    return invalid("must be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
  }
  return number;
}

Result<ListenAddress> parse_listen_address(std::string_view text) {
  const auto [host, port_text] = split_authority(text);
  const std::optional<std::uint16_t> port = port_text ? parse_port(*port_text) : std::nullopt;
  std::string address = host == "localhost" ? "127.0.0.1" : std::string(host);
  const bool has_brackets = address.starts_with('[') && address.ends_with(']');
  if (has_brackets) address = address.substr(1, address.size() - 2);
  in6_addr v6{};
  in_addr v4{};
  const bool is_address = has_brackets ? inet_pton(AF_INET6, address.c_str(), &v6) == 1
                                       : inet_pton(AF_INET, address.c_str(), &v4) == 1;
  if (!port || !is_address) {
    return invalid("must be an IP address and a port, for example 127.0.0.1:8080, 0.0.0.0:8080 or [::1]:8080");
  }
  return ListenAddress{.host = std::move(address), .port = *port};
}

Result<std::string> parse_base_url(std::string_view text) {
  constexpr std::size_t url_max = 512;
  const auto expected = [](std::string_view why) {
    return invalid(std::string(why) + "; expected for example https://calls.example.com");
  };
  if (text.size() > url_max) return expected("is longer than 512 bytes");
  if (!std::ranges::all_of(text, is_printable))
    return expected("contains a space or a character that is not ASCII");
  if (!text.starts_with("https://") && !text.starts_with("http://")) {
    return expected("must begin with https:// or http://");
  }
  if (text.find_first_of("?#\\<>\"") != std::string_view::npos) {
    return expected("must not have a query, a fragment or any of \\ < > \"");
  }
  const std::string_view authority = authority_of(text);
  if (authority.find('@') != std::string_view::npos) return expected("must not contain a user or password");
  const auto [host, port] = split_authority(authority);
  if (host.find('_') != std::string_view::npos)
    return expected("the carrier refuses host names with an underscore");
  if (!is_host(host)) return expected("the host is not a host name or IP address");
  if (port && parse_port(*port).value_or(0) == 0) return expected("the port must be from 1 to 65535");
  std::string url(text);
  while (url.ends_with('/')) url.pop_back();
  if (url.find("//", url.find("://") + 3) != std::string::npos) return expected("has an empty part in its path");
  return url;
}

Result<std::string> parse_smtp_url(std::string_view text) {
  constexpr std::size_t url_max = 512;
  const auto expected = [](std::string_view why) {
    return invalid(std::string(why) +
                   "; expected for example smtps://mail.example.com or smtp://mail.example.com:587");
  };
  if (text.size() > url_max) return expected("is longer than 512 bytes");
  if (!text.starts_with("smtps://") && !text.starts_with("smtp://")) {
    return expected("must begin with smtp:// or smtps://");
  }
  if (text.ends_with('/')) text.remove_suffix(1);
  const std::string_view authority = authority_of(text);
  if (authority.find('@') != std::string_view::npos) {
    return expected("must not contain a user or password: smtp_user and smtp_password hold them");
  }
  const auto [host, port] = split_authority(authority);
  const bool has_more = text.size() != text.find("://") + 3 + authority.size();
  if (has_more || !is_host(host)) return expected("must be a host name or IP address, without a path");
  if (port && parse_port(*port).value_or(0) == 0) return expected("the port must be from 1 to 65535");
  return std::string(text);
}

bool is_loopback_url(std::string_view url) {
  const std::string_view host = split_authority(authority_of(url)).host;
  return host == "localhost" || host == "[::1]" || host.starts_with("127.");
}

Result<std::filesystem::path> parse_database_url(std::string_view text) {
  constexpr std::string_view example = "sqlite:///var/lib/jobrun/jobrun.db";
  if (text.starts_with("postgresql:") || text.starts_with("postgres:")) {
    return invalid("PostgreSQL is not supported yet: use SQLite, for example " + std::string(example));
  }
  const auto expected = [&](std::string_view why) {
    return invalid(std::string(why) + "; expected for example " + std::string(example));
  };
  constexpr std::string_view scheme = "sqlite:";
  if (!text.starts_with(scheme)) return expected("must begin with sqlite:");
  std::string_view rest = text.substr(scheme.size());
  if (rest.starts_with("//")) {
    rest.remove_prefix(2);
    if (!rest.starts_with('/'))
      return expected("needs three slashes before an absolute path, or none before a relative one");
  }
  if (rest.find_first_of("?#") != std::string_view::npos) return expected("has no query and no fragment");
  const std::optional<std::string> decoded = percent_decoded(rest);
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
  if (!decoded || decoded->empty() || std::ranges::any_of(*decoded, is_control) || decoded->ends_with('/')) {
    return expected("does not name a file");
  }
  return std::filesystem::path(*decoded).lexically_normal();
}

Result<std::map<std::string, std::int64_t, std::less<>>> parse_country_limits(std::string_view text,
                                                                              std::int64_t most) {
  std::map<std::string, std::int64_t, std::less<>> limits;
  for (const std::string& part : split_list(text)) {
    const std::size_t equals = part.find('=');
    const std::string country = part.substr(0, equals);
    if (equals == std::string::npos || !console_api::is_country_code(country)) {
      return invalid(
          "must be ISO 3166 country codes in capital letters with a number each, for example GB=500,PL=50");
    }
    const Result<std::int64_t> limit = parse_whole_number(std::string_view(part).substr(equals + 1), 0, most);
    if (!limit) return invalid("for " + country + " " + limit.error().message);
    if (!limits.emplace(country, *limit).second) return invalid("names " + country + " twice");
  }
  return limits;
}

Result<std::string> parse_base64_key(std::string_view text) {
  // 32 bytes: 43 characters and one of padding; the last character's two lowest bits stand for nothing.
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  constexpr std::size_t length = 44;
  const bool is_key = text.size() == length && text.back() == '=' &&
                      text.find_first_not_of(alphabet) == length - 1 && alphabet.find(text[length - 2]) % 4 == 0;
  if (!is_key) return invalid("must be the base64 of 32 bytes: 44 characters, the last of them =");
  return std::string(text);
}

std::vector<std::string> split_list(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = text.find_first_of(",\n");
    std::string_view part = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    const std::size_t first = part.find_first_not_of(blanks);
    if (first == std::string_view::npos) continue;
    part = part.substr(first, part.find_last_not_of(blanks) - first + 1);
    parts.emplace_back(part);
  }
  return parts;
}

}  // namespace jobrun::app
