#include "forwarding.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace jobrun::onboarding {
namespace {

enum class Line { mobile, landline, office_system };

Line line_of(PhoneKind phone) {
  switch (phone) {
    case PhoneKind::iphone:
    case PhoneKind::android:
    case PhoneKind::other_mobile:
      return Line::mobile;
    case PhoneKind::landline:
      return Line::landline;
    case PhoneKind::office_system:
      break;
  }
  return Line::office_system;
}

/// `{n}` is the number as it is dialled in that country, `{1n}` with the 1 before it.
struct Row {
  std::optional<Country> country;  ///< empty: any
  Line line;
  std::optional<Network> network;  ///< empty: any
  std::string_view code;
  std::string_view busy;
  std::string_view undo;
  std::string_view undo_busy;
  bool has_dial_tone_between;
};

/// The first row that fits holds.
constexpr std::array rows = {
    Row{Country::united_states, Line::mobile, Network::verizon, "*71{n}", "", "*73", "", false},
    Row{Country::united_states, Line::mobile, {}, "**004*{1n}#", "", "##004#", "", false},
    Row{Country::canada, Line::mobile, {}, "**004*{1n}#", "", "##004#", "", false},
    Row{{}, Line::mobile, {}, "**004*{n}#", "", "##004#", "", false},
    Row{Country::united_states, Line::landline, {}, "*92", "*90", "*93", "*91", true},
    Row{Country::canada, Line::landline, {}, "*92", "*90", "*93", "*91", true},
    Row{Country::australia, Line::landline, {}, "*61{n}#", "*24{n}#", "#61#", "#24#", false},
    Row{{}, Line::landline, {}, "*61*{n}#", "*67*{n}#", "#61#", "#67#", false},
};

std::string filled(std::string_view code, E164 number) {
  std::string text(code);
  const std::string dialled = national(number);
  for (const auto& [place, digits] :
       {std::pair<std::string_view, std::string>{"{1n}", "1" + dialled}, {"{n}", dialled}}) {
    if (const std::size_t at = text.find(place); at != std::string::npos) text.replace(at, place.size(), digits);
  }
  return text;
}

}  // namespace

bool depends_on_network(Country country, PhoneKind phone) {
  return country == Country::united_states && line_of(phone) == Line::mobile;
}

Forwarding forwarding_for(Country country, PhoneKind phone, Network network, E164 number) {
  const Line line = line_of(phone);
  const auto row = std::ranges::find_if(rows, [&](const Row& one) {
    return (!one.country || one.country == country) && one.line == line &&
           (!one.network || one.network == network);
  });
  Forwarding forwarding;
  if (row == rows.end()) {
    forwarding.is_by_menu = true;
    return forwarding;
  }
  // A number of another country is dialled in full.
  const bool is_abroad =
      country_of(number) != country &&
      !(national(number).size() == 10 && (country == Country::canada || country == Country::united_states));
  const auto fill = [&](std::string_view code) {
    if (!is_abroad) return filled(code, number);
    std::string text(code);
    for (const std::string_view place : {"{1n}", "{n}"}) {
      if (const std::size_t at = text.find(place); at != std::string::npos)
        text.replace(at, place.size(), number.text());
    }
    return text;
  };
  forwarding.code = fill(row->code);
  forwarding.busy = fill(row->busy);
  forwarding.undo = row->undo;
  forwarding.undo_busy = row->undo_busy;
  forwarding.has_dial_tone_between = row->has_dial_tone_between;
  return forwarding;
}

}  // namespace jobrun::onboarding
