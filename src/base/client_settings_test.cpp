#include "base/client_settings.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <set>

#include "base/utf8.hpp"

namespace jobrun {
namespace {

/// A field, values that are taken and how they are written then, and values that are refused.
struct FieldRow {
  std::string_view name;
  std::vector<std::pair<std::string, std::string>> taken;
  std::vector<std::string> refused;
};

std::string repeated(std::string_view piece, std::size_t count, std::string_view between = "") {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += (i == 0 ? "" : std::string(between)) + std::string(piece);
  return text;
}

std::string phones(std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i)
    text += (i == 0 ? "" : ",") + std::string("+44770090012") + std::to_string(i);
  return text;
}

std::string dates(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) {
    const CivilDate date{std::chrono::sys_days{parse_date("2026-12-01").value()} + std::chrono::days{i}};
    text += (i == 0 ? "" : ",") + to_text(date);
  }
  return text;
}

std::vector<FieldRow> field_rows() {
  return {
      {"locale", {{"en-GB", "en-GB"}, {"fr", "fr"}}, {"de", "EN-GB", "en_gb", " fr"}},
      {"time_zone",
       {{"Europe/London", "Europe/London"}, {"Etc/GMT+1", "Etc/GMT+1"}, {repeated("z", 60), repeated("z", 60)}},
       {"Europe/Lon don", "../\xFF", "a.b", repeated("z", 61)}},
      {"business_hours", {{"mon-fri 8-17", "Mon-Fri 08:00-17:00"}, {"always", ""}}, {"Mon 17-8", "9-17"}},
      {"holidays",
       {{"2026-12-25, 2026-12-26", "2026-12-25,2026-12-26"},
        {"2026-12-25,2026-12-25,", "2026-12-25"},
        {dates(60), dates(60)}},
       {"Christmas", ",2026-12-25", ",", dates(61)}},
      {"quiet_hours", {{"22-7", "22:00-07:00"}, {"none", ""}}, {"22", "7-7"}},
      {"busy_until",
       {{"0", "0"}, {"32503680000000", "32503680000000"}},
       {"-1", "32503680000001", "1.5", "now", " 1"}},
      {"more_owner_phones",
       {{"+447700900123 , +447700900124", "+447700900123,+447700900124"}, {phones(4), phones(4)}},
       {"07700900123", phones(5), "+447700900123;+447700900124"}},
      {"emergency_advice",
       {{"Run.\nThen \\n call {x}", "Run.\nThen \\n call {x}"}, {repeated("é", 300), repeated("é", 300)}},
       {repeated("é", 301), "\xFF", std::string("a\0b", 3), "a\rb"}},
      {"voice_mode", {{"ring_first", "ring_first"}, {"text_only", ""}}, {"ring", "RING_FIRST"}},
      {"ring_phones", {{phones(5), phones(5)}}, {phones(6), "0"}},
      {"ring_order", {{"at_once", "at_once"}, {"in_order", ""}}, {"once"}},
      {"ring_time", {{"5", "5"}, {"20", ""}, {"30", "30"}}, {"4", "31", "20s", "0x10", "99999999999999999999"}},
      {"offers_voicemail", {{"yes", "yes"}, {"true", "yes"}, {"no", ""}, {"false", ""}}, {"1", "Yes"}},
      {"weekly_summary", {{"email", "email"}, {"text", "text"}, {"none", ""}}, {"both"}},
      {"retention_days", {{"1", "1"}, {"3650", "3650"}}, {"0", "3651", "-5", "week"}},
      {"wording.text_customer_intake",
       {{"Hi from {business} \\ n", "Hi from {business} \\ n"}},
       {"Hi", "{business} {time}", "{business", "{business}\n", " "}},
  };
}

std::string text_of(const ClientSettings& settings, std::string_view name) {
  if (const ClientSettingField* field = find_client_setting(name)) return field->text(settings);
  const auto wording = settings.wording.find(name.substr(std::string_view("wording.").size()));
  return wording == settings.wording.end() ? "" : wording->second;
}

/// All fields set, to the first value of each row.
ClientSettings full_settings() {
  ClientSettings settings;
  for (const FieldRow& row : field_rows()) {
    EXPECT_TRUE(set_client_setting(settings, row.name, row.taken.front().first)) << row.name;
  }
  return settings;
}

// Goal: every field there is has a row here, a help line, and a name of its own.
TEST(ClientSettings, AreAllTried) {
  std::set<std::string_view> tried;
  for (const FieldRow& row : field_rows()) tried.insert(row.name);
  std::set<std::string_view> names;
  for (const ClientSettingField& field : client_setting_fields()) {
    EXPECT_TRUE(tried.contains(field.name)) << field.name;
    EXPECT_TRUE(names.insert(field.name).second) << field.name;
    EXPECT_FALSE(field.help.empty()) << field.name;
    EXPECT_EQ(field.text(ClientSettings{}), "") << field.name << ": the default";
  }
}

// Goal: a value that was set comes back from its text, and no words restore the default.
TEST(ClientSettings, EachValueComesBackFromItsText) {
  for (const FieldRow& row : field_rows()) {
    for (const auto& [words, written] : row.taken) {
      ClientSettings settings;
      const Result<void> set = set_client_setting(settings, row.name, words);
      ASSERT_TRUE(set) << row.name << ": " << set.error().message;
      EXPECT_EQ(text_of(settings, row.name), written) << row.name;
      ClientSettings again;
      ASSERT_TRUE(set_client_setting(again, row.name, text_of(settings, row.name))) << row.name;
      EXPECT_EQ(again, settings) << row.name;
      ASSERT_TRUE(set_client_setting(settings, row.name, "")) << row.name;
      EXPECT_EQ(settings, ClientSettings{}) << row.name;
    }
  }
}

// Goal: a wrong value changes nothing, whatever was set before, and its error can be shown.
TEST(ClientSettings, AnErrorLeavesAllAsItWas) {
  for (const FieldRow& row : field_rows()) {
    for (const std::string& words : row.refused) {
      for (const ClientSettings& before : {ClientSettings{}, full_settings()}) {
        ClientSettings settings = before;
        const Result<void> set = set_client_setting(settings, row.name, words);
        ASSERT_FALSE(set) << row.name << " " << words;
        EXPECT_EQ(settings, before) << row.name << " " << words;
        EXPECT_EQ(set.error().kind, ErrorKind::invalid) << row.name;
        EXPECT_TRUE(is_clean_utf8(set.error().message) && set.error().message.size() < 200) << row.name;
      }
    }
  }
}

// Goal: a name that is no setting's, nor a phrase's, is not found; a phrase that is ours is refused.
TEST(ClientSettings, UnknownNamesAreNotFound) {
  ClientSettings settings;
  for (const char* name : {"", "colour", "Locale", "wording", "wording.", "wording.text_nothing", "locale ",
                           "wording.text_customer_intake\nlocale", "\xFF"}) {
    const Result<void> set = set_client_setting(settings, name, "fr");
    ASSERT_FALSE(set) << name;
    EXPECT_EQ(set.error().kind, ErrorKind::not_found) << name;
    EXPECT_TRUE(is_clean_utf8(set.error().message)) << name;
  }
  const Result<void> ours = set_client_setting(settings, "wording.text_failsafe", "{number}: hi");
  ASSERT_FALSE(ours);
  EXPECT_EQ(ours.error().kind, ErrorKind::invalid);
  EXPECT_EQ(settings, ClientSettings{});
}

// Goal: settings come back from storage, each field alone and all together; defaults need no line.
TEST(ClientSettings, ComeBackFromStorage) {
  EXPECT_EQ(to_text(ClientSettings{}), "");
  EXPECT_EQ(client_settings_from(""), ClientSettings{});
  const ClientSettings full = full_settings();
  EXPECT_EQ(client_settings_from(to_text(full)), full);
  for (const FieldRow& row : field_rows()) {
    for (const auto& [words, written] : row.taken) {
      ClientSettings settings;
      ASSERT_TRUE(set_client_setting(settings, row.name, words));
      EXPECT_EQ(client_settings_from(to_text(settings)), settings) << to_text(settings);
      EXPECT_EQ(to_text(settings).empty(), written.empty()) << row.name;
    }
  }
}

// Goal: words of any kind come back from storage as they were.
// Method: advice of backslashes, letters n, line feeds and wide characters in any order.
TEST(ClientSettings, AnyAdviceComesBackFromStorage) {
  EXPECT_TRUE(rc::check([](const std::vector<std::uint8_t>& picks) {
    constexpr std::array<std::string_view, 7> pieces = {"\\", "n", "\n", "\t", " ", "é", "\U0001F525"};
    std::string words;
    for (const std::uint8_t pick : picks) words += pieces.at(pick % pieces.size());
    ClientSettings settings;
    RC_ASSERT(set_client_setting(settings, "emergency_advice", words).has_value() == (picks.size() <= 300U));
    settings.retention_days = 7;
    RC_ASSERT(client_settings_from(to_text(settings)) == settings);
  }));
}

// Goal: what a newer program wrote is left out, and the rest is read.
TEST(ClientSettings, LinesThatAreNotUnderstoodAreLeftOut) {
  ClientSettings wanted;
  wanted.locale = Locale::pl;
  wanted.retention_days = 30;
  EXPECT_EQ(
      client_settings_from("colour red\nlocale pl\nlocale xx\nring_time never\nlocale\n\n  \n"
                           "wording.text_brand_new Hi\nwording.text_customer_intake no name\nretention_days 30"),
      wanted);
}

// Goal: any bytes can be set or read from storage; what is taken comes back from its text.
TEST(ClientSettings, TakeAnyBytes) {
  EXPECT_TRUE(rc::check([](const std::string& bytes, const std::string& more) {
    const std::string marks = "\xC3" + bytes + std::string(20, '8') + more;
    ClientSettings settings;
    for (const FieldRow& row : field_rows()) {
      for (const std::string& words : {bytes, marks, row.taken.front().first + bytes}) {
        const ClientSettings before = settings;
        const Result<void> set = set_client_setting(settings, row.name, words);
        RC_ASSERT((set || (settings == before && is_clean_utf8(set.error().message))));
      }
    }
    RC_ASSERT(client_settings_from(to_text(settings)) == settings);
    const ClientSettings read =
        client_settings_from(to_text(settings) + bytes + "\nlocale " + more + "\n" + marks);
    RC_ASSERT(client_settings_from(to_text(read)) == read);
  }));
}

}  // namespace
}  // namespace jobrun
