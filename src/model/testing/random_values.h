// Values for property tests: random ones of every type, with the shapes where codecs break, and a
// list of numbers on every edge.

#ifndef GRAMME_MODEL_TESTING_RANDOM_VALUES_H_
#define GRAMME_MODEL_TESTING_RANDOM_VALUES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "base/random.h"
#include "model/attribute_value.h"

namespace gramme {

// The seed of a random test: of the environment variable GRAMME_SEED where it is set, new in every
// run otherwise. Prints it, so that a failure can be repeated.
std::uint64_t TestSeed();

// The text of a number; most are within the limits, many of them barely, some barely not.
std::string RandomNumberText(Random& random);
Number RandomNumber(Random& random);

// Up to `size_max` bytes, rich in zeros, 0xFF and shared prefixes.
std::string RandomBytes(Random& random, std::size_t size_max);

// A string, number or binary.
AttributeValue RandomKeyValue(Random& random);
// Any type, with at most `depth_max` levels of lists and maps.
AttributeValue RandomValue(Random& random, int depth_max);
Item RandomItem(Random& random);

// Distinct, in ascending order: both signs, first and last exponents, 1 to 38 digits, neighbours.
std::vector<Number> EdgeNumbers();

// A null inside `depth` lists.
AttributeValue NestedList(int depth);

}  // namespace gramme

#endif  // GRAMME_MODEL_TESTING_RANDOM_VALUES_H_
