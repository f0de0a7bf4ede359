// The limit of scoring a logistic regression: Eigen on a row-major matrix, nothing checked. bench_scoring_limit X ROWS
// P ROUNDS: one line of JSON.

#include <Eigen/Core>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <vector>

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

int main(int argc, char **argv)
{
    if (argc != 5)
        return 2;
    const long rows = std::atol(argv[2]);
    const long width = std::atol(argv[3]);
    Matrix columns(width, rows); // as the file has them
    std::ifstream file(argv[1], std::ios::binary);
    file.read(reinterpret_cast<char *>(columns.data()), std::streamsize(rows * width * 8));
    const Matrix x = columns.transpose();
    const Eigen::VectorXd w = Eigen::VectorXd::LinSpaced(width, -1, 1);
    Eigen::VectorXd p(rows);
    std::vector<double> seconds;
    std::vector<double> walls;
    for (int round = 0; round < std::atoi(argv[4]); ++round) {
        const std::clock_t start = std::clock();
        const auto wall = std::chrono::steady_clock::now();
        constexpr long block = 4096;
        for (long first = 0; first < rows; first += block) {
            const long count = std::min(block, rows - first);
            p.segment(first, count) = (1 + (-(x.middleRows(first, count) * w).array() - 0.1).exp()).inverse().matrix();
        }
        seconds.push_back(double(std::clock() - start) / CLOCKS_PER_SEC);
        walls.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - wall).count());
    }
    const auto print = [](const char *name, const std::vector<double> &times) {
        std::printf("\"%s\": [", name);
        for (size_t i = 0; i < times.size(); ++i)
            std::printf("%s%.6f", i ? ", " : "", times[i]);
        std::printf("], ");
    };
    std::printf("{");
    print("seconds", seconds);
    print("walls", walls);
    std::printf("\"sum\": %.17g}\n", p.sum());
}
