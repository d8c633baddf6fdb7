// What a client set for itself: one table, which the command line, the API, the database and the directory's file
// read. Every value has a text form, the same everywhere.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/locale.hpp"
#include "base/names.hpp"
#include "base/opening_hours.hpp"
#include "base/phone_number.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace jobrun {

/// What a caller of the business gets before the text.
enum class VoiceMode {
  text_only,   ///< the greeting
  ring_first,  ///< the owner's phones ring; if nobody takes the call, the greeting
};

template <>
struct NamesOf<VoiceMode> {
  static constexpr std::array<Named<VoiceMode>, 2> rows = {
      {{VoiceMode::text_only, "text_only"}, {VoiceMode::ring_first, "ring_first"}}};
};

enum class RingOrder { in_order, at_once };

template <>
struct NamesOf<RingOrder> {
  static constexpr std::array<Named<RingOrder>, 2> rows = {
      {{RingOrder::in_order, "in_order"}, {RingOrder::at_once, "at_once"}}};
};

/// How the weekly summary reaches the owner.
enum class SummaryBy { none, text, email };

template <>
struct NamesOf<SummaryBy> {
  static constexpr std::array<Named<SummaryBy>, 3> rows = {
      {{SummaryBy::none, "none"}, {SummaryBy::text, "text"}, {SummaryBy::email, "email"}}};
};

inline constexpr std::size_t more_owner_phones_max = 4;
inline constexpr std::size_t ring_phones_max = 5;
inline constexpr std::size_t holidays_max = 60;
inline constexpr std::size_t wording_characters_max = 480;  ///< of one phrase in the client's own words
inline constexpr std::size_t advice_characters_max = 300;
inline constexpr Duration ring_time_default = std::chrono::seconds{20};

/// A default one is what a new client expects: text only, always open, in the language of its number's country.
struct ClientSettings {
  std::optional<Locale> locale{};  ///< empty: of the number's country
  std::string time_zone{};         ///< IANA name; empty: the service's
  OpeningHours business_hours{};
  std::vector<CivilDate> holidays{};  ///< closed all day; at most holidays_max
  QuietHours quiet_hours{};           ///< the owner hears of nothing but danger
  std::optional<Instant> busy_until{};
  std::vector<E164> more_owner_phones{};  ///< beside ClientProfile::owner_phone; at most more_owner_phones_max
  std::string emergency_advice{};         ///< what to do in danger; empty: the catalogue's
  std::map<std::string, std::string, std::less<>> wording{};  ///< by the name of a phrase: the client's own words

  VoiceMode voice_mode = VoiceMode::text_only;
  std::vector<E164> ring_phones{};  ///< empty: the owner's phone; at most ring_phones_max
  RingOrder ring_order = RingOrder::in_order;
  Duration ring_time = ring_time_default;  ///< of each phone; 5 to 30 s: then a mobile's own voicemail answers
  bool offers_voicemail = false;           ///< also to callers who are texted

  SummaryBy weekly_summary = SummaryBy::none;
  std::optional<int> retention_days{};  ///< of what customers wrote and said; 1 to 3,650; empty: the service's
  friend bool operator==(const ClientSettings&, const ClientSettings&) = default;
};

/// One of them by its name.
struct ClientSettingField {
  std::string_view name;
  std::string_view help;                       ///< one line: what it does, its form, its default
  std::string (*text)(const ClientSettings&);  ///< empty: the default
  /// Empty words set the default. On an error nothing has changed.
  Result<void> (*set)(ClientSettings&, std::string_view words);
};

/// All but the wording, whose names are `wording.` and the name of a phrase.
std::span<const ClientSettingField> client_setting_fields();
const ClientSettingField* find_client_setting(std::string_view name);

/// Sets one by its name, also a wording. not_found for a name that is none's; on any error nothing has changed.
Result<void> set_client_setting(ClientSettings& settings, std::string_view name, std::string_view words);

/// One line for each that is not the default: name, space, value with `\n` and `\\` escaped. For storage.
std::string to_text(const ClientSettings& settings);
/// Lines that are not understood are left out: a newer program may have written them.
ClientSettings client_settings_from(std::string_view text);

}  // namespace jobrun
