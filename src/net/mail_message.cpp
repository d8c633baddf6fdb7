#include "net/mail_message.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/utf8.hpp"
#include "base64.hpp"

namespace jobrun::net {
namespace {

constexpr std::size_t subject_bytes_max = 200;
/// Of 75 characters of an encoded word (RFC 2047), 12 are its frame; three quarters of the rest.
constexpr std::size_t encoded_word_bytes_max = 45;
constexpr std::size_t body_line_characters = 76;

bool is_plain_letter_or_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// On one line, valid UTF-8, of a length that is read.
std::string one_line(std::string_view text) {
  std::string line;
  while (!text.empty()) {
    const CodePoint point = first_code_point(text);
    const bool is_shown = point.is_valid && point.value >= 0x20 && point.value != 0x7F;
    line += is_shown ? text.substr(0, point.size) : std::string_view(" ");
    text.remove_prefix(point.size);
  }
  return std::string(utf8_prefix(line, subject_bytes_max));
}

bool is_printable_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7F; });
}

/// As encoded words, one a line.
std::string encoded(std::string_view line) {
  std::string words;
  while (!line.empty()) {
    const std::string_view part = utf8_prefix(line, encoded_word_bytes_max);
    words += (words.empty() ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?") + base64(part) + "?=";
    line.remove_prefix(part.size());
  }
  return words;
}

std::string subject_of(std::string_view text) {
  const std::string line = one_line(text);
  constexpr std::size_t plain_max = 70;
  const bool is_plain = is_printable_ascii(line) && line.size() <= plain_max && !line.contains("=?");
  return is_plain ? line : encoded(line);
}

/// `Sat, 03 Jan 2026 10:15:30 +0000`
std::string date_of(Instant instant) {
  constexpr std::array days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(instant);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(instant - day));
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d +0000",
                days.at(std::chrono::weekday(day).c_encoding()), static_cast<unsigned>(date.day()),
                months.at(static_cast<unsigned>(date.month()) - 1), static_cast<int>(date.year()),
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()));
  return text.data();
}

std::string id_of(std::string_view wanted) {
  std::string id;
  for (const char c : wanted) {
    if (is_plain_letter_or_digit(c) || c == '-' || c == '.') id += c;
  }
  return id;
}

}  // namespace

std::string_view domain_of(std::string_view address) {
  return address.substr(address.find('@') + 1);
}

std::string mail_text(const Mail& mail) {
  std::string text = "From: <" + mail.from + ">\r\nTo: <" + mail.to + ">\r\nSubject: " + subject_of(mail.subject) +
                     "\r\nDate: " + date_of(mail.date) + "\r\nMessage-ID: <" + id_of(mail.message_id) + "@" +
                     std::string(domain_of(mail.from)) +
                     ">\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
                     "Content-Transfer-Encoding: base64\r\nAuto-Submitted: auto-generated\r\n\r\n";
  const std::string body = base64(mail.body);
  for (std::size_t at = 0; at < body.size(); at += body_line_characters) {
    text.append(body, at, body_line_characters).append("\r\n");
  }
  return text;
}

}  // namespace jobrun::net
