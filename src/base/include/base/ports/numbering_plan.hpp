#pragma once

#include <string>

#include "base/phone_number.hpp"

namespace jobrun {

/// What a number's digits say about where and what it is.
class NumberingPlan {
 public:
  virtual ~NumberingPlan() = default;
  /// ISO 3166 code of the country a number belongs to, for example `US`; empty when unknown. Cheap: asked
  /// on the writer.
  virtual std::string country_of(E164 number) = 0;
  /// True only when the number is positively a fixed line that cannot be texted. 50 us: never on the
  /// acknowledgement path.
  virtual bool is_landline(E164 number) = 0;
};

}  // namespace jobrun
