using System.Security.Cryptography;
using Octet.Data.Images;

namespace Octet.Tests.Data.Images;

/// <summary>Pictures written by Pillow 9.4, with the values that Pillow reads from them.</summary>
public class PictureFileTests
{
    private const string Png = "iVBORw0KGgoAAAANSUhEUgAAAAUAAAADCAIAAADUVFKvAAAAFElEQVR4nGNkYOXiRwIs3t7e+PgAWeoD9+e4b5MAAAAASUVORK5CYII=";
    private const string GrayPng = "iVBORw0KGgoAAAANSUhEUgAAAAQAAAADCAAAAACRn/EaAAAAF0lEQVR4nGNkEBERYQwQERFhCRAREQEACTgBW2nziVsAAAAASUVORK5CYII=";

    public static TheoryData<string, string> Rgb => new()
    {
        { "png", Png },
        { "bmp", "Qk1mAAAAAAAAADYAAAAoAAAABQAAAAMAAAABABgAAAAAADAAAADEDgAAxA4AAAAAAAAAAAAAoJuWr6qlvrm0zcjD3NfSAFVQS2RfWnNuaYJ9eJGMhwAKBQAZFA8oIx43Mi1GQTwA" },
        { "tiff", "SUkqAEAAAAB4nAEtANL/AAUKDxQZHiMoLTI3PEFGS1BVWl9kaW5zeH2Ch4yRlpugpaqvtLm+w8jN0tfcKLgTVwoAAAEDAAEAAAAFAAAAAQEDAAEAAAADAAAAAgEDAAMAAAC+AAAAAwEDAAEAAAAIAAAABgEDAAEAAAACAAAAEQEEAAEAAAAIAAAAFQEDAAEAAAADAAAAFgEDAAEAAAADAAAAFwEEAAEAAAA4AAAAHAEDAAEAAAABAAAAAAAAAAgACAAIAA==" },
        { "webp", "UklGRkAAAABXRUJQVlA4TDMAAAAvBIAAAHcgJEgS2f+LvTAPato2YPGfdMx/wt5AQSNJzfdC14IntOAJLQiL6H+sLefm+wMA" },
    };

    [Theory]
    [MemberData(nameof(Rgb))]
    public void Decode_WhenColoured_GivesThePixels(string kind, string base64)
    {
        var picture = PictureFile.Decode(Convert.FromBase64String(base64), kind);

        Assert.Equal((5, 3, 3), (picture.Width, picture.Height, picture.Channels));
        Assert.Equal(Enumerable.Range(0, 45).Select(i => (byte)(i * 5)), picture.Pixels);
    }

    [Fact]
    public void Decode_WhenGray_KeepsOneChannel()
    {
        var picture = PictureFile.Decode(Convert.FromBase64String(GrayPng), "gray");

        Assert.Equal((4, 3, 1), (picture.Width, picture.Height, picture.Channels));
        Assert.Equal(Enumerable.Range(0, 12).Select(i => (byte)(i * 20)), picture.Pixels);
    }

    [Fact]
    public void Decode_WhenGrayOf16Bits_RoundsTo8()
    {
        var picture = PictureFile.Decode(
            Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAQAAAADEAAAAADBDy1ZAAAAI0lEQVR4nGNg8BW+qh5r9ZTFT0FYQURBRIHFT0FEQbhDRAEAUrgFWwd7cOEAAAAASUVORK5CYII="), "16 bits");

        Assert.Equal(1, picture.Channels);
        Assert.Equal(Enumerable.Range(0, 12).Select(i => (byte)Math.Round((i * 5000 + 77) / 257.0)), picture.Pixels);
    }

    [Fact]
    public void Decode_WhenTransparent_LaysThePictureOnBlack()
    {
        var picture = PictureFile.Decode(
            Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAYAAABytg0kAAAAGklEQVR4nGM8kcLwn4GBgYGJgYGBkYGBoREAIjYCsU2xhWIAAAAASUVORK5CYII="), "alpha");

        Assert.Equal(3, picture.Channels);
        Assert.Equal([200, 100, 0, 200, 100, 0, 0, 0, 0, 100, 50, 0], picture.Pixels);
    }

    [Fact]
    public void Decode_WhenBitmapOfOneBit_GivesBlackAndWhite()
    {
        var picture = PictureFile.Decode(
            Convert.FromBase64String("Qk1KAAAAAAAAAD4AAAAoAAAABAAAAAMAAAABAAEAAAAAAAwAAADEDgAAxA4AAAIAAAACAAAAAAAAAP////9AAAAAIAAAAJAAAAA="), "1 bit");

        byte[] wanted = [255, 0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0];
        Assert.Equal(wanted.SelectMany(v => Enumerable.Repeat(v, 3)), picture.Pixels);
    }

    [Fact]
    public void Decode_WhenCmyk_GivesRgb()
    {
        var picture = PictureFile.Decode(
            Convert.FromBase64String(
                "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwABAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB/8AAFAgACAAIBEMRAE0RAFkRAEsRAP/EAB8AAAEFAQEBAQEBAAAAAAAAAAABAgMEBQYHCAkKC//EALUQAAIBAwMCBAMFBQQEAAABfQECAwAEEQUSITFBBhNRYQcicRQygZGhCCNCscEVUtHwJDNicoIJChYXGBkaJSYnKCkqNDU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6g4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4ubrCw8TFxsfIycrS09TV1tfY2drh4uPk5ebn6Onq8fLz9PX29/j5+v/aAA4EQwBNAFkASwAAPwD+6iv7+K/v4r+1iv/Z"),
            "cmyk");

        Assert.Equal((8, 8, 3), (picture.Width, picture.Height, picture.Channels));
        Assert.All(picture.Pixels, v => Assert.InRange(v, 190, 255));
    }

    [SharedTheory("imagenet/test", "ultraface/img320x240", "mnist/png_test")]
    [InlineData("imagenet/test/0001_n01443537.jpg", "a0a61a7bdc15e77df334c0fa95e8d69f7281b0de16e385f0b1274d52373d5dae")]
    [InlineData("imagenet/test/0003_n01491361.jpg", "4e576c9e3b5111f1869ea675e73fbbab63349b21a92a8c7cae35921451574acf")]
    [InlineData("imagenet/test/0004_n01494475.jpg", "8721b881926538688ad6e54c9982168e3c09dcbd5bb342f9d34ee4dd00969d5a")]
    [InlineData("ultraface/img320x240/00.jpg", "26822473ccf14bfb521389349e753d4a90137cf45161b795ef170269f31d527c")]
    [InlineData("mnist/png_test/00000_7.png", "8f6a418c9a639f9e14e96feca47a97df2a35a0a68ae2875431c5c80e05536941")]
    public void Read_WhenARealPhotograph_GivesPillowsPixels(string path, string sha256)
    {
        var picture = PictureFile.Read(SharedData.PathOf(path), path);

        Assert.Equal(sha256, Convert.ToHexStringLower(SHA256.HashData(picture.Pixels)));
    }

    public static TheoryData<string, string, byte[]> Bad => new()
    {
        { "empty", ErrorCodes.NotAPicture, [] },
        { "text", ErrorCodes.NotAPicture, "img_1.jpg 3\nimg_2.jpg 4\n"u8.ToArray() },
        { "zeros", ErrorCodes.NotAPicture, new byte[300] },
        { "an SVG drawing", ErrorCodes.NotAPicture, "<svg xmlns='http://www.w3.org/2000/svg' width='8' height='8'/>"u8.ToArray() },
        { "a PNG cut short", ErrorCodes.PictureDamaged, Convert.FromBase64String(Png)[..60] },
        { "a PNG's signature alone", ErrorCodes.PictureDamaged, Convert.FromBase64String(Png)[..8] },
        { "a JPEG's first bytes", ErrorCodes.PictureDamaged, [0xFF, 0xD8, 0xFF, 0xE0, 0, 16] },
        { "a BMP cut short", ErrorCodes.PictureDamaged, Convert.FromBase64String("Qk1mAAAAAAAAADYAAAAoAAAABQAAAAMAAAABABgAAAAAADAAAADEDgAAxA4AAAAAAAAAAAAAoJuWr6qlvrm0zcjD3NfS") },
        { "a BMP of an impossible size", ErrorCodes.PictureTooLarge, Bmp(0x7FFFFFFF, 0x7FFFFFFF) },
        { "a BMP of negative width", ErrorCodes.PictureDamaged, Bmp(-5, 5) },
        { "a PNG of 60000x60000 pixels", ErrorCodes.PictureTooLarge, HugePng() },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void Decode_WhenBad_IsOneCodedErrorThatNamesTheSample(string what, string code, byte[] bytes)
    {
        var error = Assert.Throws<OctetException>(() => PictureFile.Decode(bytes, "sample 7 (\"x.png\")"));

        Assert.Equal((what, code), (what, error.Code));
        Assert.Equal(4, error.ExitStatus);
        Assert.Contains("sample 7 (\"x.png\")", error.Message, StringComparison.Ordinal);
    }

    [SharedFact("imagenet/test/0001_n01443537.jpg")]
    public void Read_WhenAPhotographIsCutShort_IsDamaged()
    {
        var bytes = File.ReadAllBytes(SharedData.PathOf("imagenet/test/0001_n01443537.jpg"));

        var error = Assert.Throws<OctetException>(() => PictureFile.Decode(bytes.AsSpan(0, bytes.Length / 2), "half"));

        Assert.Equal(ErrorCodes.PictureDamaged, error.Code);
    }

    [Fact]
    public void Decode_WhenBytesOfPicturesAreChanged_GivesAPictureOrACodedError()
    {
        var random = new Random(5);
        foreach (string base64 in Rgb.Select(r => (string)r[1]).Append(GrayPng))
        {
            var original = Convert.FromBase64String(base64);
            for (int i = 0; i < 300; i++)
            {
                var bytes = original.ToArray();
                for (int j = random.Next(1, 4); j > 0; j--)
                {
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                }

                try
                {
                    var picture = PictureFile.Decode(bytes.AsSpan(0, random.Next(2) == 0 ? bytes.Length : random.Next(bytes.Length + 1)), "changed");
                    Assert.Equal(picture.Width * picture.Height * picture.Channels, picture.Pixels.Length);
                }
                catch (OctetException e)
                {
                    Assert.Equal(4, e.ExitStatus);
                }
            }
        }
    }

    [Fact]
    public void Decode_WhenManyThreadsDoIt_GivesTheSamePixels()
    {
        var bytes = Convert.FromBase64String(Png);
        var results = new Picture[64];

        Parallel.For(0, results.Length, i => results[i] = PictureFile.Decode(bytes, "parallel"));

        Assert.All(results, r => Assert.Equal(results[0].Pixels, r.Pixels));
    }

    private static byte[] Bmp(int width, int height)
    {
        var bytes = Convert.FromBase64String("Qk1mAAAAAAAAADYAAAAoAAAABQAAAAMAAAABABgAAAAAADAAAADEDgAAxA4AAAAAAAAAAAAAoJuWr6qlvrm0zcjD3NfS");
        BitConverter.TryWriteBytes(bytes.AsSpan(18), width);
        BitConverter.TryWriteBytes(bytes.AsSpan(22), height);
        return bytes;
    }

    /// <summary>A header that claims 60000x60000 pixels (with a right checksum), and hardly any data.</summary>
    private static byte[] HugePng()
    {
        var bytes = Convert.FromBase64String(Png);
        new byte[] { 0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60 }.CopyTo(bytes, 16);
        uint crc = uint.MaxValue;
        foreach (byte b in bytes.AsSpan(12, 17))
        {
            crc ^= b;
            for (int k = 0; k < 8; k++)
            {
                crc = (crc & 1) != 0 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
            }
        }

        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(29), ~crc);
        return bytes;
    }
}
