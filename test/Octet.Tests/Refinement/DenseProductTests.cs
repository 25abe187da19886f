using Octet.Refinement;

namespace Octet.Tests.Refinement;

public sealed class DenseProductTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(6, 16, 8)]
    [InlineData(7, 17, 257)]
    [InlineData(121, 33, 300)]
    [InlineData(13, 1030, 5)]
    public void Add_OfAnySize_IsThePlainLoops(int m, int n, int k)
    {
        var random = new Random(m + n + k);
        float[] a = Values(random, m * k);
        float[] b = Values(random, k * n);
        float[] start = Values(random, m * n);
        var c = (float[])start.Clone();
        DenseProduct.Add(m, n, k, a, k, 1, b, n, c, n);
        AssertProduct(m, n, k, (i, p) => a[(i * k) + p], b, start, c);
    }

    [Fact]
    public void Add_OfATransposedMatrix_ReadsItByItsStrides()
    {
        const int M = 19;
        const int N = 21;
        const int K = 23;
        var random = new Random(5);
        float[] a = Values(random, M * K);
        float[] b = Values(random, K * N);
        var c = new float[M * N];
        DenseProduct.Add(M, N, K, a, 1, M, b, N, c, N);
        AssertProduct(M, N, K, (i, p) => a[(p * M) + i], b, new float[M * N], c);
    }

    [Fact]
    public void Add_OfAPartOfAMatrix_LeavesTheRestAlone()
    {
        var c = new float[4 * 10];
        DenseProduct.Add(4, 3, 2, [1, 1, 1, 1, 1, 1, 1, 1], 2, 1, [1, 2, 3, 1, 2, 3], 3, c, 10);
        Assert.Equal([2, 4, 6, 0, 0, 0, 0, 0, 0, 0], c[10..20]);
    }

    [Fact]
    public void Add_BeyondTheMemory_IsRefused()
        => Assert.Throws<ArgumentException>(() => DenseProduct.Add(2, 2, 2, new float[3], 2, 1, new float[4], 2, new float[4], 2));

    private static float[] Values(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2) - 1)];

    private static void AssertProduct(int m, int n, int k, Func<int, int, float> a, float[] b, float[] start, float[] c)
    {
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                double sum = start[(i * n) + j];
                for (int p = 0; p < k; p++)
                {
                    sum += (double)a(i, p) * b[(p * n) + j];
                }

                Assert.Equal(sum, c[(i * n) + j], 1e-4);
            }
        }
    }
}
