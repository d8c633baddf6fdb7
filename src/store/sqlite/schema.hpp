// The schema, as the steps that lead to it.
#pragma once

#include <SQLiteCpp/Database.h>

#include "base/time.hpp"

namespace jobrun::store {

/// The version that this program reads and writes: the number of its last step.
int schema_version_known();

/// The version of a database; 0 when it has no schema. Throws StoreFailure for a database of something else.
int schema_version_of(SQLite::Database& database);

/// Makes the whole schema in an empty database. Throws StoreFailure.
void make_schema(SQLite::Database& database, Instant now);

}  // namespace jobrun::store
