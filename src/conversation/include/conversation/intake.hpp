// What a customer's words say: the job, where, how urgent, when wanted, and whether somebody is in danger.
//
// Read from free text by fixed rules, so the same words always mean the same, and each finding names the words
// that led to it. Danger is looked for first, and rather found once too often.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/locale.hpp"
#include "base/names.hpp"

namespace jobrun::conversation {

/// In the order of how bad it is.
enum class Danger { none, no_heating, flooding, fire, carbon_monoxide, gas };

/// What a job is about.
enum class Topic {
  leak,
  drain,
  toilet,
  tap,
  hot_water,
  boiler,
  heating,
  electrics,
  lock,
  roof,
  window,
  door,
  appliance,
  garden,
  fence,
  painting,
  plastering,
  carpentry,
  tiling,
  bathroom,
  kitchen,
  cleaning,
  pest,
  vehicle,
  removal,
  tree,
  other
};

enum class Urgency { unknown, flexible, soon, today, now };

/// What a text is for.
enum class Intent {
  job,
  thanks,
  call_me,   ///< wants to be called, and says nothing of a job
  question,  ///< prices, hours, whether the business does something
  wrong_number,
  cancel,  ///< no longer needed
  chat     ///< anything else: it says nothing that a business could act on
};

/// Which words led to what.
struct Evidence {
  std::string what;   ///< a field and its value, as `danger gas`, `when`
  std::string words;  ///< as they stand in the text
  friend bool operator==(const Evidence&, const Evidence&) = default;
};

struct Intake {
  Intent intent = Intent::chat;
  std::optional<Topic> topic{};  ///< the first, or the worst
  std::string job{};             ///< the words that say what it is, without greetings; at most 80 characters
  std::string place{};           ///< as it stands in the text; empty: none told. Likewise:
  std::string when{};
  Urgency urgency = Urgency::unknown;
  Danger danger = Danger::none;
  std::optional<Locale> language{};  ///< en_us stands for English of either kind; empty: not told by the words
  std::vector<Evidence> because{};   ///< nothing for what follows from another finding: a danger's urgency, say
  friend bool operator==(const Intake&, const Intake&) = default;
};

/// Any bytes; those that are no UTF-8 are passed over, control characters are spaces, and what is longer than a
/// text can be is not read. The words of the result are UTF-8, and stand in the text as it was read.
Intake read_intake(std::string_view words);

}  // namespace jobrun::conversation

namespace jobrun {

template <>
struct NamesOf<conversation::Danger> {
  using Danger = conversation::Danger;
  static constexpr std::array<Named<Danger>, 6> rows = {{{Danger::none, "none"},
                                                         {Danger::no_heating, "no_heating"},
                                                         {Danger::flooding, "flooding"},
                                                         {Danger::fire, "fire"},
                                                         {Danger::carbon_monoxide, "carbon_monoxide"},
                                                         {Danger::gas, "gas"}}};
};

template <>
struct NamesOf<conversation::Topic> {
  using Topic = conversation::Topic;
  static constexpr std::array<Named<Topic>, 27> rows = {{{Topic::leak, "leak"},
                                                         {Topic::drain, "drain"},
                                                         {Topic::toilet, "toilet"},
                                                         {Topic::tap, "tap"},
                                                         {Topic::hot_water, "hot_water"},
                                                         {Topic::boiler, "boiler"},
                                                         {Topic::heating, "heating"},
                                                         {Topic::electrics, "electrics"},
                                                         {Topic::lock, "lock"},
                                                         {Topic::roof, "roof"},
                                                         {Topic::window, "window"},
                                                         {Topic::door, "door"},
                                                         {Topic::appliance, "appliance"},
                                                         {Topic::garden, "garden"},
                                                         {Topic::fence, "fence"},
                                                         {Topic::painting, "painting"},
                                                         {Topic::plastering, "plastering"},
                                                         {Topic::carpentry, "carpentry"},
                                                         {Topic::tiling, "tiling"},
                                                         {Topic::bathroom, "bathroom"},
                                                         {Topic::kitchen, "kitchen"},
                                                         {Topic::cleaning, "cleaning"},
                                                         {Topic::pest, "pest"},
                                                         {Topic::vehicle, "vehicle"},
                                                         {Topic::removal, "removal"},
                                                         {Topic::tree, "tree"},
                                                         {Topic::other, "other"}}};
};

template <>
struct NamesOf<conversation::Urgency> {
  using Urgency = conversation::Urgency;
  static constexpr std::array<Named<Urgency>, 5> rows = {{{Urgency::unknown, "unknown"},
                                                          {Urgency::flexible, "flexible"},
                                                          {Urgency::soon, "soon"},
                                                          {Urgency::today, "today"},
                                                          {Urgency::now, "now"}}};
};

template <>
struct NamesOf<conversation::Intent> {
  using Intent = conversation::Intent;
  static constexpr std::array<Named<Intent>, 7> rows = {{{Intent::job, "job"},
                                                         {Intent::thanks, "thanks"},
                                                         {Intent::call_me, "call_me"},
                                                         {Intent::question, "question"},
                                                         {Intent::wrong_number, "wrong_number"},
                                                         {Intent::cancel, "cancel"},
                                                         {Intent::chat, "chat"}}};
};

}  // namespace jobrun
