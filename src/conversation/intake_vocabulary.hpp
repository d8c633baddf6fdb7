// What words and phrases mean to us, in every language that customers write in: data, and the looking up.
//
// Rules never name words. They name senses, so that a rule found in one language holds in all of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "conversation/intake.hpp"
#include "intake_words.hpp"

namespace jobrun::conversation {

enum class Sense : std::uint8_t {
  // Of anything
  no,         ///< `no`, `without`
  cannot,     ///< `won't`, `can't`: denies the verb behind it
  no_denial,  ///< `not sure`, `no idea`: says no, and denies nothing
  past,       ///< `last year`
  still,      ///< `again`, `right now`: whatever happened goes on
  resolved,   ///< `is fixed now`
  harmless,   ///< `smoke alarm`: danger's words within it are none
  // Gas
  gas,
  gas_pipe,
  gas_appliance,  ///< `gas boiler`: a leak of it is water
  smell,
  escape,  ///< `leak`, `hissing`
  struck,  ///< `dug through`
  eggs,
  burner,  ///< hob, stove, meter: where gas is burnt or counted
  stove,   ///< what burns gas, and nothing else
  hiss,
  gas_alarm,
  fumes,
  drain_smell,  ///< where bad smells come from that are no gas
  unlit,        ///< `won't light`, `left on`
  gas_itself,   ///< needs no other word. Likewise:
  // Carbon monoxide
  monoxide,
  a_fire,    ///< what burns and has a flue
  an_alarm,  ///< of whatever kind
  gas_meter,
  sounding,
  symptom,
  hearth,  ///< what burns something indoors
  soot,
  loud,      ///< of an alarm: more than a chirp
  chirping,  ///< of an alarm whose battery is low
  upkeep,    ///< `battery`, `to be fitted`: of an alarm that does not sound
  monoxide_itself,
  flue,
  flue_fault,  ///< `blocked`, `fallen off`
  flame_seen,  ///< that of what burns, which should be blue
  yellow,
  household,  ///< `all of us`: an illness of everybody's
  got_out,    ///< `stood on the drive`, `windows open`
  // Fire and shock
  smoke,
  spark,
  burning,
  wiring,  ///< socket, fuse box, cable
  scorch,
  hot,
  crackle,
  glow,
  shock,
  shock_source,  ///< what a shock may come from
  flame,
  machine,  ///< what may burn: appliance, boiler, car
  bang,
  fire_itself,
  shock_itself,
  // Water
  water,
  pipe,
  burst,
  gush,  ///< enough by itself
  flow,
  leak,
  inside,  ///< ceiling, wall, floor: where no water belongs
  collapse,
  unstoppable,
  stopcock,
  overflow,
  basin,  ///< indoors, with water in it
  outdoors,
  sewage,
  rising,
  lots,    ///< `badly`, `everywhere`
  gentle,  ///< `drip`, `bucket`
  ceiling,
  through,
  dry,      ///< what may come, fall or be everywhere, and is no water
  indoors,  ///< said of how cold it is
  drip,
  stuck,
  drilled,  ///< what people do to pipes
  stopped,  ///< `turned the water off`
  flood_itself,
  // Heat
  heat,
  broken,
  no_heat,
  frail,  ///< baby, elderly, ill
  family,
  freezing,
  // Time
  at_once,
  no_hurry,
  // Talk
  thanks,
  greeting,
  call_me,
  price,
  asks,  ///< `do you do`: begins a question
  wrong_number,
  cancelled,
  chatter,
  wants_work,  ///< `can you fix`, `quote for`: a job, however it is asked
  // Jobs
  blocked,
  fitting,  ///< `new`, `install`: makes a job of a room
  none
};

inline constexpr std::size_t sense_count = static_cast<std::size_t>(Sense::none) + 1;

/// Some words of a text: [first, last).
struct Span {
  std::size_t first = 0;
  std::size_t last = 0;
  friend bool operator==(const Span&, const Span&) = default;
};

/// How surely a word says what the job is about.
enum class Weight : std::uint8_t {
  room,   ///< a job only if something is to be fitted there
  weak,   ///< where nothing better is named
  basin,  ///< blocked, leaking or faulty: three different jobs
  thing,
  above_all  ///< whatever else is named
};

struct TopicMark {
  Topic topic{};
  Weight weight{};
  Span span;
};

/// A text with what its words mean.
struct Reading {
  std::string_view text;
  std::vector<Word> words;
  std::vector<std::vector<Span>> senses;  ///< by Sense, in the order of the text
  std::vector<TopicMark> topics;          ///< the longest of those that overlap

  const std::vector<Span>& of(Sense sense) const { return senses[static_cast<std::size_t>(sense)]; }
  bool has(Sense sense) const { return !of(sense).empty(); }
  bool has_at(Sense sense, std::size_t word) const;
  /// As they stand in the text.
  std::string_view shown(Span span) const;
};

Reading read_senses(std::string_view text);

/// Spelt as a word of the vocabulary, or one of the words that everybody uses.
bool is_known_word(std::string_view folded);

/// One row of a table: phrases with `, ` between; a word that ends in `*` stands for all that begin so.
struct SenseRow {
  Sense sense;
  std::string_view phrases;
};
struct TopicRow {
  Topic topic;
  Weight weight;
  std::string_view phrases;
};

std::span<const SenseRow> gas_and_fire_rows();
std::span<const SenseRow> water_and_cold_rows();
std::span<const SenseRow> talk_rows();
std::span<const TopicRow> topic_rows();
/// Words that are no misspelling of others, however close, and no town.
std::string_view common_words();

}  // namespace jobrun::conversation
