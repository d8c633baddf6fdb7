#include "rendering.hpp"

#include <algorithm>

#include "base/call.hpp"
#include "base/utf8.hpp"

namespace jobrun::app {

using nlohmann::json;

namespace {

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

/// Columns a text takes: its code points. Wide and combining characters are off by some; a table survives it.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return !is_continuation(c); }));
}

/// A field as a cell; `-` for null.
std::string cell(const json& object, const char* field) {
  const auto found = object.find(field);
  if (found == object.end() || found->is_null()) return "-";
  if (found->is_string()) return terminal_safe(found->get_ref<const std::string&>());
  return found->dump();
}

/// `2026-01-03T10:15:30.250Z` -> `2026-01-03 10:15:30`.
std::string short_instant(const json& object, const char* field) {
  std::string text = cell(object, field);
  constexpr std::size_t seconds_end = 19;
  if (text.size() < seconds_end) return text;
  text.resize(seconds_end);
  text[10] = ' ';
  return text;
}

std::string joined(const json& list) {
  std::string text;
  for (const json& entry : list) text += (text.empty() ? "" : ",") + terminal_safe(entry.get<std::string>());
  return text.empty() ? "-" : text;
}

/// Only what a person should mistrust.
std::string caller_hint(const json& call) {
  const bool is_doubtful = call.value("verification", "") == name_of(CallerVerification::not_verified);
  return is_doubtful ? " (number not verified)" : "";
}

std::string outcome_of(const json& call) {
  const std::string outcome = cell(call, "outcome");
  return outcome == "-" ? "pending" : outcome;
}

}  // namespace

std::string terminal_safe(std::string_view text) {
  std::string safe;
  while (!text.empty()) {
    const std::string_view before = text;
    const char32_t c = take_code_point(text);
    const bool is_control = c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029 ||
                            (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0xFFFD;
    safe += is_control ? std::string_view("?") : before.substr(0, before.size() - text.size());
  }
  return safe;
}

std::string aligned_table(const std::vector<std::vector<std::string>>& rows, std::vector<std::size_t> widths) {
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t column = 0; column < row.size(); ++column) {
      widths[column] = std::max(widths[column], width_of(row[column]));
    }
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t column = 0; column < row.size(); ++column) {
      line += row[column];
      if (column + 1 < row.size()) line += std::string(widths[column] - width_of(row[column]) + 2, ' ');
    }
    text += line + "\n";
  }
  return text;
}

std::string render_client(const json& client) {
  std::vector<std::vector<std::string>> rows = {{"id", cell(client, "id")},
                                                {"name", cell(client, "name")},
                                                {"phone", cell(client, "phone")},
                                                {"own number", cell(client, "own_number")},
                                                {"texts", client.at("paused").get<bool>() ? "paused" : "on"},
                                                {"cool-down (s)", cell(client, "cool_down_seconds")},
                                                {"countries", joined(client.at("countries"))},
                                                {"texts per day", cell(client, "texts_per_day")},
                                                {"alerts by", cell(client, "alert_by")},
                                                {"owner's e-mail", cell(client, "owner_email")}};
  for (const auto& [name, words] : client.at("settings").items()) {
    rows.push_back({terminal_safe(name), terminal_safe(words.get<std::string>())});
  }
  return aligned_table(rows);
}

std::string render_people(const json& people, bool is_first_page) {
  if (people.empty() && is_first_page) return "Nobody.\n";
  std::vector<std::vector<std::string>> rows;
  if (is_first_page) rows.push_back({"PHONE", "FACT"});
  for (const json& person : people) rows.push_back({cell(person, "phone"), cell(person, "fact")});
  constexpr std::size_t number_width = 16;
  return aligned_table(rows, {number_width});
}

std::string render_preview(const json& phrases) {
  std::string text;
  for (const json& phrase : phrases) {
    text += cell(phrase, "phrase");
    if (phrase.at("is_own").get<bool>()) text += ", in its own words";
    if (!phrase.at("segments").is_null()) {
      text += ", " + cell(phrase, "encoding") + ", " + cell(phrase, "segments") +
              (phrase.at("segments") == 1 ? " segment" : " segments");
    }
    text += "\n  " + cell(phrase, "text") + "\n";
  }
  return text;
}

std::string render_conversations(const json& conversations) {
  if (conversations.empty()) return "No conversations.\n";
  std::vector<std::vector<std::string>> rows = {
      {"ID", "LAST (UTC)", "CLIENT", "CUSTOMER", "NUMBER", "STEP", "MESSAGES", "LAST WORDS"}};
  for (const json& each : conversations) {
    rows.push_back({cell(each, "id"), short_instant(each, "last_at"), cell(each, "client_name"),
                    cell(each, "customer"), cell(each, "number"), cell(each, "step"), cell(each, "messages"),
                    cell(each, "last_words")});
  }
  return aligned_table(rows);
}

std::string render_talk(const json& conversation) {
  std::vector<std::vector<std::string>> head = {
      {"  customer", cell(conversation, "customer")},
      {"  business", cell(conversation, "client_name") + " (" + cell(conversation, "client_id") + "), " +
                         cell(conversation, "number")},
      {"  step", cell(conversation, "step")}};
  if (conversation.at("job").is_object()) {
    for (const auto& [name, words] : conversation.at("job").items()) {
      if (!words.is_null())
        head.push_back({"  " + terminal_safe(name), cell(conversation.at("job"), name.c_str())});
    }
  }
  std::string text = "Conversation " + cell(conversation, "id") + "\n" + aligned_table(head) + "\n";
  int media = 0;
  for (const json& message : conversation.at("talk")) {
    text += short_instant(message, "at") + "  " + cell(message, "kind");
    const std::string fate = message.at("status").is_null() ? cell(message, "state") : cell(message, "status");
    if (fate != "-") text += ", " + fate;
    if (!message.at("outcome").is_null()) text += ", " + cell(message, "outcome");
    text += "\n";
    if (!message.at("body").is_null()) text += "  " + cell(message, "body") + "\n";
    for (const json& link : message.at("media")) {
      text += "  media " + std::to_string(++media) + ": " + cell(link, "type") + " " + cell(link, "url") + "\n";
    }
  }
  if (media > 0) text += "Fetch one: jobrun conversations media " + cell(conversation, "id") + " N --to FILE\n";
  return text;
}

json media_of_talk(const json& conversation) {
  json media = json::array();
  for (const json& message : conversation.at("talk")) {
    for (const json& link : message.at("media")) {
      media.push_back({{"n", media.size() + 1},
                       {"at", message.at("at")},
                       {"kind", message.at("kind")},
                       {"type", link.at("type")},
                       {"url", link.at("url")}});
    }
  }
  return media;
}

std::string render_media(const json& media) {
  if (media.empty()) return "No media.\n";
  std::vector<std::vector<std::string>> rows = {{"N", "SENT (UTC)", "WITH", "TYPE", "LINK"}};
  for (const json& one : media) {
    rows.push_back(
        {one.at("n").dump(), short_instant(one, "at"), cell(one, "kind"), cell(one, "type"), cell(one, "url")});
  }
  return aligned_table(rows);
}

std::string render_triage(const json& texts) {
  if (texts.empty()) return "No texts to nobody's number.\n";
  std::vector<std::vector<std::string>> rows = {
      {"ID", "SENT (UTC)", "FROM", "TO", "SETTLED", "REASON", "MEDIA", "WORDS"}};
  for (const json& text : texts) {
    rows.push_back({cell(text, "id"), short_instant(text, "sent_at"), cell(text, "from"), cell(text, "to"),
                    cell(text, "settled_as"), cell(text, "settled_reason"),
                    std::to_string(text.at("media").size()),
                    text.at("body").is_null() ? "(--show)" : cell(text, "body")});
  }
  return aligned_table(rows);
}

namespace {

std::string counted(const json& object, const char* field, const char* one, const char* more) {
  return cell(object, field) + " " + (object.at(field) == 1 ? one : more);
}

std::string pool_state_of(const json& number) {
  const json& pool = number.at("pool");
  if (pool.is_null()) return "in no list";
  std::string state = "in the pool as " + cell(pool, "role");
  if (pool.at("available").get<bool>()) state += ", available";
  if (!pool.at("client_id").is_null()) state += ", of client " + cell(pool, "client_id") + ": registered since";
  return state;
}

}  // namespace

std::string render_failsafe(const json& report) {
  if (report.at("numbers").empty())
    return "Nobody has called a number of nobody's since " + short_instant(report, "since") + " (UTC).\n";
  std::string text;
  for (const json& number : report.at("numbers")) {
    text += (text.empty() ? "" : "\n") + cell(number, "number") + ", " + pool_state_of(number) + "\n";
    std::vector<std::vector<std::string>> rows = {
        {"  called",
         counted(number, "calls", "call", "calls") + " by " + counted(number, "callers", "caller", "callers") +
             ", " + short_instant(number, "first_at") + " to " + short_instant(number, "last_at") + " (UTC)"}};
    if (!number.at("register").is_null()) rows.push_back({"  a business's", cell(number, "register")});
    if (!number.at("dismiss").is_null()) rows.push_back({"  nobody's", cell(number, "dismiss")});
    if (number.at("replies").empty()) rows.push_back({"  replied", "nobody"});
    for (const json& reply : number.at("replies")) {
      const std::string words = reply.at("body").is_null() ? "(--show)" : cell(reply, "body");
      rows.push_back({"  replied", cell(reply, "from") + " to " + cell(reply, "to") + ", " +
                                       short_instant(reply, "sent_at") + ": " + words});
      if (reply.at("adopt").is_null()) {
        rows.push_back({"", "  " + cell(reply, "settled_as")});
        continue;
      }
      rows.push_back({"", "  " + cell(reply, "adopt")});
      rows.push_back({"", "  " + cell(reply, "dismiss")});
    }
    text += aligned_table(rows);
  }
  return text;
}

std::string render_erased(const json& erased) {
  std::string text = cell(erased, "phone") + " erased:";
  for (const auto& [name, count] : erased.at("erased").items()) text += " " + count.dump() + " " + name + ",";
  text.back() = '.';
  for (const json& fact : erased.at("kept")) {
    text += "\nKept, or he would be texted again: " + cell(fact, "fact");
    if (!fact.at("client_id").is_null()) text += " for client " + cell(fact, "client_id");
  }
  return text + "\n";
}

std::string render_clients(const json& clients, bool is_first_page) {
  if (clients.empty() && is_first_page) {
    return "No clients. Add one: jobrun clients add --name \"Smith & Sons\" --phone +14155550123\n";
  }
  std::vector<std::vector<std::string>> rows;
  if (is_first_page) rows.push_back({"ID", "NAME", "PHONE", "OWN NUMBER", "TEXTS", "ALERTS BY"});
  for (const json& client : clients) {
    rows.push_back({cell(client, "id"), cell(client, "name"), cell(client, "phone"), cell(client, "own_number"),
                    client.at("paused").get<bool>() ? "paused" : "on", cell(client, "alert_by")});
  }
  return aligned_table(rows);
}

std::string render_numbers(const json& numbers, bool is_first_page) {
  if (numbers.empty() && is_first_page) {
    return "No numbers. Add one: jobrun numbers add +14155550100 --role operational --client 1\n";
  }
  std::vector<std::vector<std::string>> rows;
  if (is_first_page) rows.push_back({"NUMBER", "ROLE", "CLIENT", "AVAILABLE"});
  for (const json& number : numbers) {
    rows.push_back({cell(number, "number"), cell(number, "role"), cell(number, "client_id"),
                    number.at("available").get<bool>() ? "yes" : "-"});
  }
  constexpr std::size_t number_width = 16;  // the longest of each, so that pages line up
  constexpr std::size_t role_width = 11;
  constexpr std::size_t client_width = 6;
  return aligned_table(rows, {number_width, role_width, client_width});
}

std::string render_calls(const json& calls) {
  if (calls.empty()) return "No calls.\n";
  std::vector<std::vector<std::string>> rows = {
      {"STARTED (UTC)", "FROM", "TO", "ROLE", "CLIENT", "STATUS", "OUTCOME", "REASON", "CALL SID"}};
  for (const json& call : calls) {
    rows.push_back({short_instant(call, "started_at"), cell(call, "from"), cell(call, "to"), cell(call, "role"),
                    cell(call, "client_name"), cell(call, "status"), outcome_of(call), cell(call, "reason"),
                    cell(call, "call_sid")});
  }
  return aligned_table(rows);
}

std::string render_texts(const json& texts) {
  if (texts.empty()) return "No texts.\n";
  std::vector<std::vector<std::string>> rows = {
      {"SENT (UTC)", "FROM", "TO", "ROLE", "CLIENT", "TAKEN AS", "REPLY", "MEDIA", "WORDS", "MESSAGE SID"}};
  for (const json& text : texts) {
    const bool is_hidden = text.at("body").is_null();
    rows.push_back({short_instant(text, "sent_at"), cell(text, "from"), cell(text, "to"), cell(text, "role"),
                    cell(text, "client_name"), cell(text, "taken_as"), cell(text, "reply"),
                    std::to_string(text.at("media").size()), is_hidden ? "(--show)" : cell(text, "body"),
                    cell(text, "message_sid")});
  }
  return aligned_table(rows);
}

std::string render_timeline(const json& call) {
  std::string text = "Call " + cell(call, "call_sid") + "\n";
  std::vector<std::vector<std::string>> head = {
      {"  from", cell(call, "from") + caller_hint(call)},
      {"  to", cell(call, "to") + ", " + cell(call, "role") + " (" + cell(call, "role_source") + ")"},
      {"  client", cell(call, "client_name") + " (" + cell(call, "client_id") + ")"},
      {"  heard", cell(call, "greeting")},
      {"  status", cell(call, "status")},
      {"  outcome", outcome_of(call) + " (" + cell(call, "reason") + ")"}};
  text += aligned_table(head);
  for (const json& each : call.at("texts")) {
    const std::string by = cell(each, "account") == "second" ? " (second account)" : "";
    text += "\nText " + cell(each, "text_id") + ": " + cell(each, "state") + ", " + cell(each, "from") + by +
            " -> " + cell(each, "to") + ", attempts " + cell(each, "attempts") + "\n  " + cell(each, "body") +
            "\n";
  }
  std::vector<std::vector<std::string>> lines;
  for (const json& entry : call.at("timeline")) {
    lines.push_back({"  " + cell(entry, "at"), cell(entry, "what"), cell(entry, "detail")});
  }
  return text + "\nTimeline (UTC)\n" + aligned_table(lines);
}

std::string render_incidents(const json& incidents) {
  if (incidents.empty()) return "No incidents.\n";
  std::vector<std::vector<std::string>> rows = {
      {"ID", "KIND", "OPENED (UTC)", "CLOSED (UTC)", "CALLS", "PENDING", "REASON"}};
  for (const json& incident : incidents) {
    rows.push_back({cell(incident, "id"), cell(incident, "kind"), short_instant(incident, "opened_at"),
                    short_instant(incident, "closed_at"), cell(incident, "calls"), cell(incident, "calls_pending"),
                    cell(incident, "closed_reason")});
  }
  return aligned_table(rows);
}

std::string render_senders(const json& senders) {
  if (senders.empty()) return "No blocked senders.\n";
  std::vector<std::vector<std::string>> rows = {{"NUMBER", "ACCOUNT", "CODE", "SINCE (UTC)"}};
  for (const json& sender : senders) {
    rows.push_back(
        {cell(sender, "number"), cell(sender, "account"), cell(sender, "code"), short_instant(sender, "since")});
  }
  return aligned_table(rows);
}

std::string render_owners(const json& owners) {
  if (owners.empty()) return "No owners.\n";
  std::vector<std::vector<std::string>> rows = {
      {"PHONE", "STEP", "SINCE (UTC)", "LAST TEXT (UTC)", "WAITS FOR", "STUCK", "NUMBER", "BUSINESS"}};
  for (const json& owner : owners) {
    rows.push_back({cell(owner, "phone"), cell(owner, "step"), short_instant(owner, "step_since"),
                    short_instant(owner, "last_text_at"), cell(owner, "waits_for"),
                    owner.at("is_stopped").get<bool>() ? "stopped" : cell(owner, "is_stuck"),
                    cell(owner, "number"), cell(owner, "business_name")});
  }
  return aligned_table(rows);
}

std::string render_checks(const json& report) {
  std::vector<std::vector<std::string>> rows;
  for (const json& check : report.at("checks")) {
    rows.push_back({cell(check, "verdict"), cell(check, "name"), cell(check, "found")});
    if (!check.at("advice").is_null()) rows.push_back({"", "", "-> " + cell(check, "advice")});
  }
  return aligned_table(rows) + (report.at("well").get<bool>() ? "All is well.\n" : "");
}

std::string render_error(const json& error) {
  // Our own messages may have several lines; each is made safe by itself.
  std::string message = error.value("message", "");
  std::string text = "jobrun: ";
  for (std::size_t start = 0; start <= message.size();) {
    const std::size_t end = std::min(message.find('\n', start), message.size());
    text += terminal_safe(std::string_view(message).substr(start, end - start)) + "\n";
    start = end + 1;
  }
  if (!error.contains("lines")) return text;
  for (const json& line : error.at("lines")) {
    text += "  line " + cell(line, "line") + ": " + cell(line, "reason") + "\n";
  }
  const std::int64_t wrong = error.value("lines_wrong", std::int64_t{0});
  const std::int64_t shown = static_cast<std::int64_t>(error.at("lines").size());
  if (wrong > shown) text += "  and " + std::to_string(wrong - shown) + " more\n";
  return text;
}

}  // namespace jobrun::app
