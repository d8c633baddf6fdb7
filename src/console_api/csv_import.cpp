#include "csv_import.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <tuple>

namespace jobrun::console_api {
namespace {

constexpr std::string_view header = "number,role,client_id";
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::size_t line_bytes_max = 256;

std::string_view take_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::string_view unwrapped(std::string_view field) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!field.empty() && is_blank(field.front())) field.remove_prefix(1);
  while (!field.empty() && is_blank(field.back())) field.remove_suffix(1);
  if (field.size() >= 2 && field.front() == '"' && field.back() == '"') return field.substr(1, field.size() - 2);
  return field;
}

std::optional<std::array<std::string_view, 3>> three_fields(std::string_view line) {
  std::array<std::string_view, 3> fields;
  for (std::size_t at = 0; at < fields.size(); ++at) {
    const std::size_t comma = line.find(',');
    const bool is_last = at + 1 == fields.size();
    if (is_last != (comma == std::string_view::npos)) return std::nullopt;
    fields[at] = unwrapped(line.substr(0, comma));
    if (!is_last) line.remove_prefix(comma + 1);
  }
  return fields;
}

Result<PoolNumber> parse_row(std::string_view line) {
  if (line.size() > line_bytes_max) return invalid("longer than " + std::to_string(line_bytes_max) + " bytes");
  const auto fields = three_fields(line);
  if (!fields) return invalid("expected three fields: number, role, client_id (which may be empty)");
  const auto& [number_text, role_text, client_text] = *fields;

  const Result<E164> number = E164::parse(number_text);
  if (!number) return std::unexpected(number.error());
  const std::optional<NumberRole> role = parse_name<NumberRole>(role_text);
  if (!role) return invalid("the role must be operational, onboarding or system");
  PoolNumber row{.number = *number, .role = *role, .client = std::nullopt};
  if (client_text.empty()) return row;

  std::int64_t client = 0;
  const auto [end, error] = std::from_chars(client_text.data(), client_text.data() + client_text.size(), client);
  if (error != std::errc{} || end != client_text.data() + client_text.size() || client < 1) {
    return invalid("the client_id must be a client's id, a whole number from 1 upwards, or empty");
  }
  row.client = ClientId{client};
  return row;
}

void note_repeated(std::vector<ImportRow>& rows, ImportProblems& problems) {
  const auto by_number_then_line = [](const ImportRow& a, const ImportRow& b) {
    return std::pair(a.number.number, a.line) < std::pair(b.number.number, b.line);
  };
  std::ranges::sort(rows, by_number_then_line);
  for (std::size_t at = 1; at < rows.size(); ++at) {
    if (rows[at].number.number != rows[at - 1].number.number) continue;
    problems.note(rows[at].line,
                  rows[at].number.number.text() + " is already on line " + std::to_string(rows[at - 1].line));
  }
}

}  // namespace

void ImportProblems::note(std::int64_t line, std::string reason) {
  ++count_;
  if (kept_.size() < kept_max_) kept_.push_back({line, std::move(reason)});
}

std::vector<ImportProblems::Problem> ImportProblems::kept() const {
  std::vector<Problem> sorted = kept_;
  std::ranges::sort(sorted, {}, [](const Problem& each) { return std::tie(each.line, each.reason); });
  return sorted;
}

std::vector<ImportRow> parse_import(std::string_view csv, std::size_t rows_max, ImportProblems& problems) {
  std::vector<ImportRow> rows;
  if (csv.starts_with(byte_order_mark)) csv.remove_prefix(byte_order_mark.size());
  const auto first = three_fields(take_line(csv));
  if (!first || (*first)[0] != "number" || (*first)[1] != "role" || (*first)[2] != "client_id") {
    problems.note(1, "the first line must be the header " + std::string(header));
    return rows;
  }
  for (std::int64_t line = 2; !csv.empty(); ++line) {
    const std::string_view text = take_line(csv);
    if (unwrapped(text).empty()) continue;
    if (rows.size() == rows_max) {
      problems.note(line, "a file may have at most " + std::to_string(rows_max) + " rows: split it");
      break;
    }
    Result<PoolNumber> row = parse_row(text);
    if (row) {
      rows.push_back({line, *row});
    } else {
      problems.note(line, row.error().message);
    }
  }
  note_repeated(rows, problems);
  return rows;
}

}  // namespace jobrun::console_api
