#include "conversation/intake.hpp"

namespace jobrun::conversation {

Intake read_intake(std::string_view words) {
  Intake read;
  read.intent = Intent::job;
  read.job = std::string(words.substr(0, 80));
  return read;
}

}  // namespace jobrun::conversation
