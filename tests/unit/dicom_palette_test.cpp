#include <gmock/gmock.h>

#include "calibration/dicom/palette_segments.h"

namespace soleus {
namespace {

using testing::ElementsAre;
using testing::Optional;

using Words = std::vector<std::uint16_t>;

TEST(PaletteSegments, AreCopiedRaisedAndRepeated) {
  EXPECT_THAT(expandPalette(Words{0, 2, 7, 9}, 2), Optional(ElementsAre(7, 9)));
  // From 10 in four steps to 50, then down in two.
  EXPECT_THAT(expandPalette(Words{0, 1, 10, 1, 4, 50, 1, 2, 0}, 7),
              Optional(ElementsAre(10, 20, 30, 40, 50, 25, 0)));
  // Two segments from byte 0 on again.
  EXPECT_THAT(expandPalette(Words{0, 1, 10, 1, 2, 30, 2, 2, 0, 0}, 6),
              Optional(ElementsAre(10, 20, 30, 10, 20, 30)));
}

TEST(PaletteSegments, DamagedOnesAreNoPalette) {
  EXPECT_FALSE(expandPalette(Words{}, 2));
  EXPECT_FALSE(expandPalette(Words{0, 3, 1, 2}, 3));               // ends too early
  EXPECT_FALSE(expandPalette(Words{0, 2, 1, 2}, 3));               // too few colours
  EXPECT_FALSE(expandPalette(Words{0, 2, 1, 2}, 1));               // too many
  EXPECT_FALSE(expandPalette(Words{1, 2, 5}, 2));                  // rises from nothing
  EXPECT_FALSE(expandPalette(Words{3, 1, 5}, 1));                  // no such segment
  EXPECT_FALSE(expandPalette(Words{0, 1, 5, 2, 1, 6, 0}, 2));      // repeats itself
  EXPECT_FALSE(expandPalette(Words{0, 1, 5, 2, 1, 255, 255}, 2));  // repeats what is not there
}

}  // namespace
}  // namespace soleus
