using Octet.Data.Images;

namespace Octet.Tests.Data.Images;

public class ResamplerTests
{
    [Theory]
    [InlineData(9, 7, 4, 3)]
    [InlineData(9, 7, 11, 13)]
    [InlineData(1, 1, 5, 4)]
    [InlineData(2, 30, 7, 7)]
    [InlineData(17, 5, 1, 1)]
    public void Resize_WhenNearest_TakesThePixelAtTheFloor(int width, int height, int toWidth, int toHeight)
    {
        var source = Picture(width, height);

        var result = Resampler.Resize(source, toWidth, toHeight, Interpolation.Nearest);

        ForEach(toWidth, toHeight, (x, y, c, i) =>
        {
            int sx = Math.Min((int)Math.Floor(x * ((double)width / toWidth)), width - 1);
            int sy = Math.Min((int)Math.Floor(y * ((double)height / toHeight)), height - 1);
            Assert.Equal(source.Bytes![(sy * width + sx) * 3 + c], result.Bytes![i]);
        });
    }

    [Theory]
    [InlineData(9, 7, 4, 3)]
    [InlineData(9, 7, 11, 13)]
    [InlineData(1, 1, 5, 4)]
    [InlineData(2, 30, 7, 7)]
    [InlineData(40, 31, 5, 2)]
    public void Resize_WhenLinearOrCubic_FollowsOpenCvsRule(int width, int height, int toWidth, int toHeight)
    {
        var source = Picture(width, height);
        var floats = source with { Bytes = null, Floats = source.ToFloats() };
        foreach (var interpolation in new[] { Interpolation.Linear, Interpolation.Cubic })
        {
            var bytes = Resampler.Resize(source, toWidth, toHeight, interpolation);
            var exact = Resampler.Resize(floats, toWidth, toHeight, interpolation);

            ForEach(toWidth, toHeight, (x, y, c, i) =>
            {
                double wanted = Sample(source, (x + 0.5) * width / toWidth - 0.5, (y + 0.5) * height / toHeight - 0.5, c, interpolation);
                Assert.Equal(wanted, exact.Floats![i], 2e-3);
                Assert.Equal(Math.Clamp(wanted, 0, 255), bytes.Bytes![i], 0.502);
            });
        }
    }

    /// <summary>Values that Pillow 9.4 gave for <c>resize(size, BILINEAR)</c>.</summary>
    [Theory]
    [InlineData(4, 3, new[] { 127, 100, 120, 123, 105, 115, 129, 126, 105, 110, 127, 160, 143, 120, 109, 102, 114, 121, 154, 116, 124, 132, 92, 129, 126, 150, 147, 109, 172, 130, 130, 105, 140, 130, 64, 142 })]
    [InlineData(11, 13, new[] { 0, 38, 78, 87, 130, 174, 56, 103, 152, 59, 78, 132, 173, 109, 152, 241, 47, 20, 114, 135, 112, 162, 71, 53, 151, 47, 76, 103, 119, 178, 150, 236, 233, 71, 47, 76, 117, 135, 167, 67 })]
    public void Resize_WhenAntialias_FollowsPillow(int toWidth, int toHeight, int[] firstValues)
    {
        var result = Resampler.Resize(Picture(9, 7), toWidth, toHeight, Interpolation.Antialias);

        for (int i = 0; i < firstValues.Length; i++)
        {
            Assert.InRange(result.Bytes![i], firstValues[i] - 1, firstValues[i] + 1);
        }
    }

    [Fact]
    public void Resize_WhenThePictureIsOfOneColour_KeepsIt()
    {
        var source = new Raster(13, 8, 3, Enumerable.Repeat((byte)137, 13 * 8 * 3).ToArray(), null);
        foreach (var interpolation in Enum.GetValues<Interpolation>())
        {
            foreach (var (width, height) in new[] { (3, 3), (40, 31), (1, 50) })
            {
                Assert.All(Resampler.Resize(source, width, height, interpolation).Bytes!, v => Assert.Equal(137, v));
            }
        }
    }

    private static Raster Picture(int width, int height)
        => new(width, height, 3, [.. Enumerable.Range(0, width * height * 3).Select(i => (byte)((i * 37 + i * i % 91) % 256))], null);

    private static void ForEach(int width, int height, Action<int, int, int, int> act)
    {
        int i = 0;
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                for (int c = 0; c < 3; c++)
                {
                    act(x, y, c, i++);
                }
            }
        }
    }

    /// <summary>The value at a place between pixels, by the definition: a sum over all neighbours, edges repeated.</summary>
    private static double Sample(Raster source, double x, double y, int channel, Interpolation interpolation)
    {
        double sum = 0;
        for (int j = (int)Math.Floor(y) - 1; j <= Math.Floor(y) + 2; j++)
        {
            for (int i = (int)Math.Floor(x) - 1; i <= Math.Floor(x) + 2; i++)
            {
                int sx = Math.Clamp(i, 0, source.Width - 1);
                int sy = Math.Clamp(j, 0, source.Height - 1);
                sum += Weight(x - i, interpolation) * Weight(y - j, interpolation) * source.Bytes![(sy * source.Width + sx) * 3 + channel];
            }
        }

        return sum;
    }

    private static double Weight(double distance, Interpolation interpolation)
    {
        const double A = -0.75;
        double d = Math.Abs(distance);
        return interpolation == Interpolation.Linear ? Math.Max(0, 1 - d)
            : d <= 1 ? (A + 2) * d * d * d - (A + 3) * d * d + 1
            : d < 2 ? A * d * d * d - 5 * A * d * d + 8 * A * d - 4 * A : 0;
    }
}
