#include "base/client_settings.hpp"

#include <algorithm>
#include <charconv>
#include <type_traits>

#include "base/utf8.hpp"
#include "base/wording.hpp"

namespace jobrun {
namespace {

constexpr std::string_view wording_prefix = "wording.";

std::size_t characters_in(std::string_view text) {
  std::size_t count = 0;
  for (; !text.empty(); ++count) text.remove_prefix(first_code_point(text).size);
  return count;
}

// --- forms of values ------------------------------------------------------------------------------

/// The items between commas, each read by `parse`, at most `count_max` of them and none twice.
template <class Item, class Parse>
Result<std::vector<Item>> parse_list(std::string_view words, std::size_t count_max, const Parse& parse) {
  std::vector<Item> items;
  while (!trimmed(words).empty()) {
    const std::size_t comma = words.find(',');
    const Result<Item> item = parse(trimmed(words.substr(0, comma)));
    if (!item) return std::unexpected(item.error());
    if (std::ranges::find(items, *item) == items.end()) items.push_back(*item);
    if (items.size() > count_max) return invalid("more than " + std::to_string(count_max) + " are too many");
    words = comma == std::string_view::npos ? std::string_view() : words.substr(comma + 1);
  }
  return items;
}

template <class Item, class Text>
std::string list_text(const std::vector<Item>& items, const Text& text) {
  std::string words;
  for (const Item& item : items) words += (words.empty() ? "" : ",") + text(item);
  return words;
}

Result<std::vector<E164>> parse_phones(std::string_view words, std::size_t count_max) {
  return parse_list<E164>(words, count_max, [](std::string_view item) { return E164::parse(item); });
}

std::string phones_text(const std::vector<E164>& phones) {
  return list_text(phones, [](E164 phone) { return phone.text(); });
}

Result<std::int64_t> parse_whole(std::string_view words, std::int64_t least, std::int64_t most) {
  std::int64_t value = 0;
  const auto read = std::from_chars(words.data(), words.data() + words.size(), value);
  if (read.ec != std::errc() || read.ptr != words.data() + words.size() || value < least || value > most) {
    return invalid("'" + quotable(words, 20) + "' is no whole number from " + std::to_string(least) + " to " +
                   std::to_string(most));
  }
  return value;
}

template <class Enum>
Result<Enum> parse_word(std::string_view words) {
  if (const auto value = parse_name<Enum>(words)) return *value;
  std::string known;
  for (const Named<Enum>& row : NamesOf<Enum>::rows) known += (known.empty() ? "" : ", ") + std::string(row.name);
  return invalid("'" + quotable(words, 20) + "' is none of " + known);
}

Result<bool> parse_yes(std::string_view words) {
  if (words == "yes" || words == "true") return true;
  if (words == "no" || words == "false") return false;
  return invalid("'" + quotable(words, 20) + "' is neither yes nor no");
}

Result<std::string> parse_sentence(std::string_view words, std::size_t characters_max) {
  if (!is_clean_utf8(words)) return invalid("it is no clean UTF-8");
  if (characters_in(words) > characters_max) {
    return invalid("it is longer than " + std::to_string(characters_max) + " characters");
  }
  return std::string(words);
}

Result<std::string> parse_zone(std::string_view words) {
  constexpr std::size_t bytes_max = 60;
  const bool is_plain = std::ranges::all_of(words, [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '/' || c == '_' ||
           c == '-' || c == '+';
  });
  if (!is_plain || words.size() > bytes_max) {
    return invalid("'" + quotable(words, 20) + "' is no time zone; name it as Europe/London");
  }
  return std::string(words);
}

/// Puts it where it belongs, unless there is none.
template <class Field, class Value>
Result<void> put(Field& field, Result<Value> value) {
  if (!value) return std::unexpected(value.error());
  field = std::move(*value);
  return {};
}

/// Puts it, or the default for no words.
template <class Field, class Parse>
Result<void> put_or_default(Field& field, std::string_view words, Field usual, const Parse& parse) {
  if (words.empty()) {
    field = std::move(usual);
    return {};
  }
  return put(field, parse(words));
}

// --- the table ------------------------------------------------------------------------------------

using Settings = ClientSettings;
using Words = std::string_view;

template <auto Field>
Result<void> set_phones(Settings& settings, Words words, std::size_t count_max) {
  return put(settings.*Field, parse_phones(words, count_max));
}

template <auto Field>
std::string word_of(const Settings& settings) {
  const auto value = settings.*Field;
  return value == Settings{}.*Field ? std::string() : std::string(name_of(value));
}

template <auto Field>
Result<void> set_word(Settings& settings, Words words) {
  using Enum = std::remove_cvref_t<decltype(settings.*Field)>;
  return put_or_default(settings.*Field, words, Settings{}.*Field, parse_word<Enum>);
}

const std::array fields = {
    ClientSettingField{
        "locale",
        "Language of what customers read and hear: en-US, en-GB, es, pl or fr; else their number's country's",
        [](const Settings& s) { return s.locale ? std::string(name_of(*s.locale)) : ""; },
        [](Settings& s, Words words) { return put_or_default(s.locale, words, {}, parse_word<Locale>); }},
    ClientSettingField{"time_zone", "IANA name, as Europe/London; else the service's",
                       [](const Settings& s) { return s.time_zone; },
                       [](Settings& s, Words words) { return put(s.time_zone, parse_zone(words)); }},
    ClientSettingField{"business_hours", "As Mon-Fri 08:00-17:30, Sat 09:00-12:00; else always open",
                       [](const Settings& s) { return s.business_hours.text(); },
                       [](Settings& s, Words words) { return put(s.business_hours, OpeningHours::parse(words)); }},
    ClientSettingField{
        "holidays", "Dates joined by commas, as 2026-12-25,2026-12-26: closed all day",
        [](const Settings& s) { return list_text(s.holidays, [](CivilDate date) { return to_text(date); }); },
        [](Settings& s, Words words) {
          return put(s.holidays, parse_list<CivilDate>(words, holidays_max, parse_date));
        }},
    ClientSettingField{"quiet_hours", "As 22:00-07:00: the owner is told of danger only; else none",
                       [](const Settings& s) { return s.quiet_hours.text(); },
                       [](Settings& s, Words words) { return put(s.quiet_hours, QuietHours::parse(words)); }},
    ClientSettingField{
        "busy_until", "Until then phones are not rung and customers are told when it is; milliseconds since 1970",
        [](const Settings& s) { return s.busy_until ? std::to_string(to_unix_ms(*s.busy_until)) : std::string(); },
        [](Settings& s, Words words) {
          return put_or_default(s.busy_until, words, {}, [](Words told) -> Result<Instant> {
            constexpr std::int64_t year_3000 = 32'503'680'000'000;
            const Result<std::int64_t> ms = parse_whole(told, 0, year_3000);
            if (!ms) return std::unexpected(ms.error());
            return from_unix_ms(*ms);
          });
        }},
    ClientSettingField{
        "more_owner_phones",
        "Phones of the business beside the owner's, joined by commas: they may command too, and are told",
        [](const Settings& s) { return phones_text(s.more_owner_phones); },
        [](Settings& s, Words words) {
          return set_phones<&Settings::more_owner_phones>(s, words, more_owner_phones_max);
        }},
    ClientSettingField{
        "emergency_advice",
        "What a customer in danger is told to do, as: Gas? Call 0800 111 999 now; else the usual advice",
        [](const Settings& s) { return s.emergency_advice; },
        [](Settings& s, Words words) {
          return put(s.emergency_advice, parse_sentence(words, advice_characters_max));
        }},
    ClientSettingField{"voice_mode", "text_only, or ring_first: the owner's phones ring before the greeting",
                       word_of<&Settings::voice_mode>, set_word<&Settings::voice_mode>},
    ClientSettingField{
        "ring_phones", "Phones to ring, joined by commas; else the owner's",
        [](const Settings& s) { return phones_text(s.ring_phones); },
        [](Settings& s, Words words) { return set_phones<&Settings::ring_phones>(s, words, ring_phones_max); }},
    ClientSettingField{"ring_order", "in_order, or at_once", word_of<&Settings::ring_order>,
                       set_word<&Settings::ring_order>},
    ClientSettingField{
        "ring_time", "Seconds that each phone rings, 5 to 30; else 20",
        [](const Settings& s) {
          return s.ring_time == ring_time_default ? std::string() : std::to_string(s.ring_time.count() / 1'000);
        },
        [](Settings& s, Words words) {
          return put_or_default(s.ring_time, words, ring_time_default, [](Words told) -> Result<Duration> {
            const Result<std::int64_t> seconds = parse_whole(told, 5, 30);
            if (!seconds) return std::unexpected(seconds.error());
            return Duration{*seconds * 1'000};
          });
        }},
    ClientSettingField{
        "offers_voicemail", "yes: whoever is not answered may leave a message; else only who cannot be texted",
        [](const Settings& s) { return std::string(s.offers_voicemail ? "yes" : ""); },
        [](Settings& s, Words words) { return put_or_default(s.offers_voicemail, words, false, parse_yes); }},
    ClientSettingField{"weekly_summary", "none, text or email: what the week brought, to the owner",
                       word_of<&Settings::weekly_summary>, set_word<&Settings::weekly_summary>},
    ClientSettingField{
        "retention_days", "How long what customers wrote and said is kept, 1 to 3650; else the service's",
        [](const Settings& s) { return s.retention_days ? std::to_string(*s.retention_days) : std::string(); },
        [](Settings& s, Words words) {
          return put_or_default(s.retention_days, words, {}, [](Words told) -> Result<int> {
            const Result<std::int64_t> days = parse_whole(told, 1, 3'650);
            if (!days) return std::unexpected(days.error());
            return static_cast<int>(*days);
          });
        }},
};

Result<void> set_wording(ClientSettings& settings, std::string_view name, std::string_view words) {
  const std::optional<Phrase> phrase = parse_name<Phrase>(name);
  if (!phrase) return failure(ErrorKind::not_found, "there is no phrase '" + quotable(name, 40) + "'");
  if (words.empty()) {
    settings.wording.erase(std::string(name));
    return {};
  }
  if (Result<void> checked = check_wording(*phrase, words); !checked) return checked;
  settings.wording.insert_or_assign(std::string(name), std::string(words));
  return {};
}

// --- storage --------------------------------------------------------------------------------------

void append_line(std::string& text, std::string_view name, std::string_view value) {
  text += name;
  text += ' ';
  for (const char c : value) {
    if (c == '\n') {
      text += "\\n";
    } else if (c == '\\') {
      text += "\\\\";
    } else {
      text += c;
    }
  }
  text += '\n';
}

std::string unescaped(std::string_view value) {
  std::string text;
  for (std::size_t at = 0; at < value.size(); ++at) {
    if (value[at] != '\\' || at + 1 == value.size()) {
      text += value[at];
    } else {
      text += value[++at] == 'n' ? '\n' : value[at];
    }
  }
  return text;
}

}  // namespace

std::span<const ClientSettingField> client_setting_fields() {
  return fields;
}

const ClientSettingField* find_client_setting(std::string_view name) {
  const auto* found = std::ranges::find(fields, name, &ClientSettingField::name);
  return found == fields.end() ? nullptr : found;
}

Result<void> set_client_setting(ClientSettings& settings, std::string_view name, std::string_view words) {
  if (name.starts_with(wording_prefix)) return set_wording(settings, name.substr(wording_prefix.size()), words);
  const ClientSettingField* field = find_client_setting(name);
  if (field == nullptr) {
    return failure(ErrorKind::not_found, "a client has no setting '" + quotable(name, 40) + "'");
  }
  return field->set(settings, words);
}

std::string to_text(const ClientSettings& settings) {
  std::string text;
  for (const ClientSettingField& field : fields) {
    const std::string value = field.text(settings);
    if (!value.empty()) append_line(text, field.name, value);
  }
  for (const auto& [phrase, words] : settings.wording) {
    append_line(text, std::string(wording_prefix) + phrase, words);
  }
  return text;
}

ClientSettings client_settings_from(std::string_view text) {
  ClientSettings settings;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos) continue;
    // What is not understood changes nothing.
    (void)set_client_setting(settings, line.substr(0, space), unescaped(line.substr(space + 1)));
  }
  return settings;
}

}  // namespace jobrun
