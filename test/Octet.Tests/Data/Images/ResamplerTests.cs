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

    /// <summary>The first and last twelve values that OpenCV 4.6 gave for <c>cv2.resize(picture, size, interpolation=…)</c>, of bytes and of floats.</summary>
    [Theory]
    [InlineData(Interpolation.Nearest, 4, 3, new[] { 0, 38, 78, 2, 52, 104, 241, 47, 20, 205, 23, 8, 172, 244, 62, 196, 189, 19, 110, 206, 213, 96, 113, 132 }, new[] { 0f, 38f, 78f, 2f, 52f, 104f, 241f, 47f, 20f, 205f, 23f, 8f, 172f, 244f, 62f, 196f, 189f, 19f, 110f, 206f, 213f, 96f, 113f, 132f })]
    [InlineData(Interpolation.Linear, 4, 3, new[] { 153, 128, 147, 92, 96, 181, 77, 110, 126, 79, 118, 166, 110, 113, 142, 95, 235, 80, 170, 74, 122, 146, 52, 189 }, new[] { 152.583f, 128.417f, 147.5f, 91.75f, 95.792f, 181.458f, 77.208f, 110.625f, 126.375f, 79.083f, 117.708f, 165.917f, 109.875f, 113.292f, 141.708f, 95.458f, 235.417f, 79.875f, 170.25f, 74.333f, 122.167f, 146.25f, 51.75f, 189.417f })]
    [InlineData(Interpolation.Cubic, 4, 3, new[] { 176, 145, 164, 78, 92, 203, 66, 101, 135, 61, 110, 166, 99, 88, 127, 92, 255, 64, 176, 59, 112, 155, 43, 225 }, new[] { 175.856f, 145.461f, 163.756f, 77.715f, 91.759f, 203.207f, 66.4f, 101.206f, 135.335f, 60.818f, 109.78f, 166.185f, 98.786f, 88.337f, 127.46f, 92.202f, 270.298f, 63.549f, 175.602f, 59.025f, 111.711f, 155.048f, 42.597f, 225.209f })]
    [InlineData(Interpolation.Nearest, 11, 13, new[] { 0, 38, 78, 0, 38, 78, 120, 164, 210, 2, 52, 104, 174, 202, 232, 8, 42, 78, 116, 156, 198, 242, 32, 80 }, new[] { 0f, 38f, 78f, 0f, 38f, 78f, 120f, 164f, 210f, 2f, 52f, 104f, 174f, 202f, 232f, 8f, 42f, 78f, 116f, 156f, 198f, 242f, 32f, 80f })]
    [InlineData(Interpolation.Linear, 11, 13, new[] { 0, 38, 78, 87, 129, 174, 56, 103, 152, 59, 78, 132, 68, 100, 134, 57, 94, 132, 150, 122, 166, 242, 32, 80 }, new[] { 0f, 38f, 78f, 87.273f, 129.636f, 174f, 55.636f, 102.909f, 152.182f, 58.727f, 77.818f, 132f, 68.364f, 100.182f, 134f, 57.091f, 93.818f, 132.545f, 150.364f, 122.182f, 165.818f, 242f, 32f, 80f })]
    [InlineData(Interpolation.Cubic, 11, 13, new[] { 0, 28, 71, 93, 143, 190, 46, 106, 160, 40, 73, 132, 55, 91, 129, 21, 89, 121, 159, 151, 176, 255, 21, 66 }, new[] { -31.589f, 27.712f, 71.163f, 92.969f, 142.835f, 190.474f, 46.055f, 105.797f, 159.736f, 39.87f, 72.613f, 131.62f, 54.766f, 90.485f, 129.298f, 21.422f, 88.82f, 120.892f, 158.581f, 151.161f, 176.016f, 268.179f, 20.975f, 66.476f })]
    public void Resize_WhenOpenCvDidIt_GivesItsNumbers(Interpolation interpolation, int toWidth, int toHeight, int[] bytes, float[] floats)
    {
        var source = Picture(9, 7);
        var ofBytes = Resampler.Resize(source, toWidth, toHeight, interpolation).Bytes!;
        var ofFloats = Resampler.Resize(source with { Bytes = null, Floats = source.ToFloats() }, toWidth, toHeight, interpolation).Floats!;

        for (int i = 0; i < bytes.Length; i++)
        {
            int at = i < 12 ? i : ofBytes.Length - bytes.Length + i;

            // OpenCV resizes bytes with weights of 11 bits.
            Assert.InRange(ofBytes[at], bytes[i] - 1, bytes[i] + 1);
            Assert.Equal(floats[i], ofFloats[at], 0.01f);
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
