#include "tools/compare/quantiles.h"

#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/non_central_t.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/policies/policy.hpp>

namespace soleus {
namespace {

namespace bm = boost::math;

// NaN and infinity instead of exceptions.
using Quiet = bm::policies::policy<bm::policies::domain_error<bm::policies::ignore_error>,
                                   bm::policies::pole_error<bm::policies::ignore_error>,
                                   bm::policies::overflow_error<bm::policies::ignore_error>,
                                   bm::policies::evaluation_error<bm::policies::ignore_error>,
                                   bm::policies::rounding_error<bm::policies::ignore_error>>;

}  // namespace

double studentQuantile(double probability, double freedom) {
  return bm::quantile(bm::students_t_distribution<double, Quiet>(freedom), probability);
}

double chiSquaredQuantile(double probability, double freedom) {
  return bm::quantile(bm::chi_squared_distribution<double, Quiet>(freedom), probability);
}

double fisherQuantile(double probability, double freedomAbove, double freedomBelow) {
  return bm::quantile(bm::fisher_f_distribution<double, Quiet>(freedomAbove, freedomBelow), probability);
}

double shiftedStudentQuantile(double probability, double freedom, double shift) {
  return bm::quantile(bm::non_central_t_distribution<double, Quiet>(freedom, shift), probability);
}

}  // namespace soleus
