#pragma once

#include <functional>
#include <ostream>
#include <string>

#include "schedule.hpp"

namespace jobrun::simulation {

/// What happens, line by line, for whoever replays a seed. Costs nothing when nobody reads it.
class Story {
 public:
  Story(const Schedule& schedule, std::ostream* reader) : schedule_(schedule), reader_(reader) {}

  /// `words` is called only when somebody reads.
  template <class Words>
  void tell(const Words& words) const {
    if (reader_ == nullptr) return;
    const auto ms = schedule_.elapsed().count();
    const std::string fraction = std::to_string(1'000 + ms % 1'000).substr(1);
    const std::string seconds = std::to_string(100 + ms / 1'000 % 60).substr(1);
    *reader_ << ms / 60'000 << ':' << seconds << '.' << fraction << "  " << words() << '\n';
  }

 private:
  const Schedule& schedule_;
  std::ostream* reader_;
};

}  // namespace jobrun::simulation
