#pragma once

#include <optional>
#include <string>
#include <string_view>

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
  /// A number as people in that country (ISO 3166) write it, or in E.164; empty: it is none. 50 us.
  virtual std::optional<E164> read(std::string_view written, std::string_view country) {
    (void)country;
    const Result<E164> number = E164::parse(written);
    return number ? std::optional(*number) : std::nullopt;
  }
};

}  // namespace jobrun
