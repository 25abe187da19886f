using Octet.Refinement;

namespace Octet.Tests.Refinement;

public sealed class OrderedCholeskyTests
{
    [Theory]
    [InlineData(1, 4)]
    [InlineData(9, 100)]
    [InlineData(40, 20)]
    public void Factor_TimesItsTranspose_IsTheDampedMatrixInItsOrder(int size, int rows)
    {
        var gram = GramMatrix.Of(Samples.Correlated(rows, size, seed: 3), size);
        var factor = new OrderedCholesky(gram, 0.01);
        double damping = Enumerable.Range(0, size).Sum(i => (double)gram[i, i]) / size * 0.01;
        double unit = gram[0, 0] + 1;
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < size; j++)
            {
                double product = Enumerable.Range(0, size).Sum(p => (double)factor.Lower[(i * size) + p] * factor.Lower[(j * size) + p]);
                double expected = gram[factor.Order[i], factor.Order[j]] + (i == j ? damping : 0);
                Assert.Equal(expected / unit, product / unit, 1e-4);
            }
        }

        Assert.Equal(Enumerable.Range(0, size), factor.Order.Order());
    }

    [Fact]
    public void Factor_OfRowsOfZeros_IsTheIdentity()
    {
        var factor = new OrderedCholesky(GramMatrix.Of(new float[12], 3), 0.01);
        Assert.Equal([1, 0, 0, 0, 1, 0, 0, 0, 1], factor.Lower);
    }

    [Fact]
    public void ErrorOf_AnErrorMatrix_IsTheSumOverTheRows()
    {
        const int Size = 11;
        float[] rows = Samples.Correlated(50, Size, seed: 8);
        var weights = ColumnMatrix.Transposed(Samples.Weights(3, Size, seed: 9), 3, Size);
        double[] errors = GramMatrix.Of(rows, Size).ErrorOf(weights.Values, weights.Width);
        for (int c = 0; c < 3; c++)
        {
            double expected = Enumerable.Range(0, 50).Sum(r => Math.Pow(Enumerable.Range(0, Size).Sum(k => rows[(r * Size) + k] * weights.Row(k)[c]), 2));
            Assert.Equal(1, errors[c] / expected, 1e-4);
        }
    }
}
