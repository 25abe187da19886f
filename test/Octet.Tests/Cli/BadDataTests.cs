using System.IO.Compression;
using Octet.Data.Arrays;
using Octet.Numerics;

namespace Octet.Tests.Cli;

/// <summary>The built tool refuses samples that cannot calibrate: coded, naming the sample, with nothing written.</summary>
public sealed class BadDataTests(BadDataTests.Folder folder) : IClassFixture<BadDataTests.Folder>
{
    public static TheoryData<string, string, string> Samples => new()
    {
        { "none", ErrorCodes.DataMissing, "\"none\"" },
        { "nothing", ErrorCodes.DataEmpty, "no samples in \"nothing\"" },
        { "classes", ErrorCodes.DataEmpty, "holds folders but no samples" },
        { "shapes.onnx", ErrorCodes.DataUnrecognized, "\"shapes.onnx\"" },
        { "notes", ErrorCodes.NotAPicture, "\"notes.md\"" },
        { "text", ErrorCodes.NotAPicture, "sample 2 (\"c.png\") is text, not a picture" },
        { "several", ErrorCodes.NotAPicture, "sample 1 (\"b.png\") is empty|sample 2 (\"c.png\")|sample 3 (\"d.png\")" },
        { "damaged", ErrorCodes.PictureDamaged, "sample 2 (\"c.png\") is damaged" },
        { "bomb", ErrorCodes.PictureTooLarge, "sample 2 (\"c.png\")|60000x60000" },
        { "bitmap-bomb", ErrorCodes.PictureTooLarge, "sample 2 (\"c.bmp\")|60000x60000" },
        { "size", ErrorCodes.SampleShape, "sample 2 (\"c.bmp\")|[1,3,7,9]" },
        { "loop", ErrorCodes.DataUnreadable, "sample 2 (\"c.png\") cannot be read" },
        { "dangling", ErrorCodes.DataUnreadable, "sample 2 (\"c.png\") cannot be read" },
        { "pipe", ErrorCodes.NotAPicture, "sample 2 (\"c.png\") is empty, or no file but a pipe" },
        { "pipe.npy", ErrorCodes.ArrayMalformed, "\"pipe.npy\"" },
        { "pipe.npz", ErrorCodes.ArrayMalformed, "\"pipe.npz\"" },
        { "pipe.txt", ErrorCodes.DataEmpty, "\"pipe.txt\"" },
        { "gone.txt", ErrorCodes.ListMalformed, "line 2: there is no file \"calibration/none.png\"" },
        { "word.txt", ErrorCodes.ListMalformed, "line 1: the label \"circle\" is no number" },
        { "binary.txt", ErrorCodes.ListMalformed, "no UTF-8 text" },
        { "blank.txt", ErrorCodes.DataEmpty, "blank.txt" },
        { "cut.npy", ErrorCodes.ArrayMalformed, "cut off" },
        { "garbage.npy", ErrorCodes.ArrayMalformed, "garbage.npy" },
        { "huge.npy", ErrorCodes.ArrayMalformed, "huge.npy" },
        { "impossible.npy", ErrorCodes.ArrayMalformed, "impossible.npy" },
        { "objects.npy", ErrorCodes.ArrayTypeUnsupported, "|O" },
        { "no-rows.npy", ErrorCodes.DataEmpty, "no-rows.npy" },
        { "wide.npy", ErrorCodes.SampleShape, "sample 0 (\"row 0\")|Float32[?,3,32,32]" },
        { "nan.npy", ErrorCodes.SampleNotFinite, "sample 1 (\"row 1\") holds 2 NaN or infinite values in input \"image\"" },
        { "garbage.npz", ErrorCodes.ArrayMalformed, "garbage.npz" },
        { "bomb.npz", ErrorCodes.ArrayTooLarge, "array \"image\" of \"bomb.npz\"" },
        { "other.npz", ErrorCodes.InputsMismatched, "no array for input \"image\"|\"left\"; \"right\"" },
        { "cut-idx4-ubyte", ErrorCodes.ArrayMalformed, "cut-idx4-ubyte" },
        { "garbage-idx4-ubyte.gz", ErrorCodes.ArrayMalformed, "gzip" },
        { "bomb-idx4-ubyte.gz", ErrorCodes.ArrayTooLarge, "bomb-idx4-ubyte.gz" },
        { "odd.bin", ErrorCodes.ArrayMalformed, "no multiple of the 12288" },
        { "sets", ErrorCodes.InputsMismatched, "\"test_data_set_0\" has 2 files" },
        { "broken-sets", ErrorCodes.ArrayMalformed, "input_0.pb" },
        { "picture=calibration", ErrorCodes.InputsMismatched, "no input \"picture\"; it has \"image\"" },
        { "image=calibration,image=calibration", ErrorCodes.InputsMismatched, "given twice" },
    };

    public static TheoryData<string, string, string> Recipes => new()
    {
        { "imagnet", ErrorCodes.PreprocessInvalid, "did you mean \"imagenet\"?" },
        { "rgb,resise=32x32", ErrorCodes.PreprocessInvalid, "did you mean \"resize\"?" },
        { "resize=32x32:linaer,std=0,scale=x", ErrorCodes.PreprocessInvalid, "did you mean \"linear\"?|none of them 0|wants numbers" },
        { "gray", ErrorCodes.PreprocessInvalid, "gray gives 1 channels|Float32[?,3,32,32]" },
        { "mean=1:2", ErrorCodes.PreprocessInvalid, "needs 1 value or 3" },
        { "resize=0x0", ErrorCodes.PreprocessInvalid, "1 to 65535" },
        { "resize=65535x65535,crop=32", ErrorCodes.PreprocessInvalid, "resize=65535x65535:linear asks for more than 67108864 pixels" },
        { "crop=64x64", ErrorCodes.SampleShape, "sample 0|too small to crop 64x64" },
        { "none.json", ErrorCodes.PreprocessInvalid, "\"none.json\" cannot be read" },
        { "broken.json", ErrorCodes.PreprocessInvalid, "\"broken.json\" is no JSON array of steps" },
    };

    [Theory]
    [MemberData(nameof(Samples))]
    public Task Quantize_WhenTheSamplesAreBad_NamesThemAndWritesNothing(string data, string code, string parts)
        => folder.Refuses($"quantize shapes.onnx --effort fast --data {data} -o OUT/q.onnx", code, parts);

    [Theory]
    [MemberData(nameof(Recipes))]
    public Task Quantize_WhenTheRecipeIsBad_SaysWhatIsRight(string recipe, string code, string parts)
        => folder.Refuses($"quantize shapes.onnx --effort fast --data calibration --preprocess {recipe} -o OUT/q.onnx", code, parts);

    public sealed class Folder : BadInputFolder
    {
        private readonly string picture;

        public Folder()
        {
            picture = Directory.EnumerateFiles(Path.Combine(Root, "calibration")).First();
            byte[] good = File.ReadAllBytes(picture);
            Directory.CreateDirectory(Path.Combine(Root, "nothing"));
            Write("classes/circle/a.png", good);
            Write("notes/a.png", good);
            Write("notes/notes.md", "these are circles");
            Pictures("text", "c.png", "some text"u8.ToArray());
            Pictures("several", "c.png", "some text"u8.ToArray());
            Write("several/b.png", []);
            Write("several/d.png", good[..(good.Length / 2)]);
            Pictures("damaged", "c.png", good[..(good.Length / 2)]);
            byte[] bomb = [.. good];
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(bomb.AsSpan(16), 60_000);
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(bomb.AsSpan(20), 60_000);
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bomb.AsSpan(29), Crc32(bomb.AsSpan(12, 17)));
            Pictures("bomb", "c.png", bomb);
            Pictures("bitmap-bomb", "c.bmp", Bitmap(60_000, 60_000));
            Pictures("size", "c.bmp", Bitmap(9, 7));
            Pictures("loop", "c.png", null);
            File.CreateSymbolicLink(Path.Combine(Root, "loop", "c.png"), "c.png");
            Pictures("dangling", "c.png", null);
            File.CreateSymbolicLink(Path.Combine(Root, "dangling", "c.png"), "nowhere.png");
            Pictures("pipe", "c.png", null);
            Pipe("pipe/c.png");
            Pipe("pipe.npy");
            Pipe("pipe.npz");
            Pipe("pipe.txt");
            Lists();
            Arrays();
            Write("sets/test_data_set_0/input_0.pb", [1]);
            Write("sets/test_data_set_0/input_1.pb", [1]);
            Write("broken-sets/test_data_set_0/input_0.pb", "no tensor");
            Write("broken.json", """{"steps": 3""");
        }

        /// <summary>The checksum of PNG chunks (PNG specification, annex D).</summary>
        private static uint Crc32(ReadOnlySpan<byte> bytes)
        {
            uint crc = uint.MaxValue;
            foreach (byte value in bytes)
            {
                crc ^= value;
                for (int bit = 0; bit < 8; bit++)
                {
                    crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
                }
            }

            return ~crc;
        }

        private static byte[] Bitmap(int width, int height)
        {
            var bytes = new byte[54 + (Math.Min(width, 100) * 3 + 3) / 4 * 4 * Math.Min(height, 100)];
            "BM"u8.CopyTo(bytes);
            BitConverter.TryWriteBytes(bytes.AsSpan(10), 54);
            BitConverter.TryWriteBytes(bytes.AsSpan(14), 40);
            BitConverter.TryWriteBytes(bytes.AsSpan(18), width);
            BitConverter.TryWriteBytes(bytes.AsSpan(22), height);
            bytes[28] = 24;
            return bytes;
        }

        /// <summary>A named pipe, which nobody writes to: whoever opens it waits for ever. On Windows an empty file.</summary>
        private void Pipe(string name)
        {
            if (OperatingSystem.IsWindows())
            {
                Write(name, []);
                return;
            }

            using var process = System.Diagnostics.Process.Start("mkfifo", Path.Combine(Root, name));
            process.WaitForExit();
        }

        /// <summary>A folder of four pictures, one of which is replaced.</summary>
        private void Pictures(string name, string bad, byte[]? bytes)
        {
            foreach (string file in new[] { "a.png", "b.png", "c.png", "d.png" }.Where(f => Path.GetFileNameWithoutExtension(f) != Path.GetFileNameWithoutExtension(bad)))
            {
                Write($"{name}/{file}", File.ReadAllBytes(picture));
            }

            if (bytes is not null)
            {
                Write($"{name}/{bad}", bytes);
            }
        }

        private void Lists()
        {
            string first = $"calibration/{Path.GetFileName(picture)}";
            Write("gone.txt", $"{first} 0\ncalibration/none.png 1\n");
            Write("word.txt", $"{first} circle\n");
            Write("binary.txt", [0xFF, 0xFE, 0x00, 0x80]);
            Write("blank.txt", "\n# nothing\n");
        }

        private void Arrays()
        {
            byte[] array = Npy(new float[2 * 3 * 32 * 32], 2, 3, 32, 32);
            Write("cut.npy", array[..2000]);
            Write("garbage.npy", "no array at all");
            Write("huge.npy", Header("'<f4'", "(1000000000000, 3, 32, 32)"));
            Write("impossible.npy", Header("'<f4'", "(9223372036854775807, 9223372036854775807)"));
            Write("objects.npy", Header("'|O'", "(1,)"));
            Write("no-rows.npy", Npy([], 0, 3, 32, 32));
            Write("wide.npy", Npy(new float[2 * 3 * 32 * 40], 2, 3, 32, 40));
            float[] values = [.. Enumerable.Range(0, 2 * 3 * 32 * 32).Select(i => i / 6144f)];
            (values[4000], values[4001]) = (float.NaN, float.PositiveInfinity);
            Write("nan.npy", Npy(values, 2, 3, 32, 32));
            Write("garbage.npz", "PK no archive");
            Archive("other.npz", ("left", array), ("right", array));
            Archive("bomb.npz", ("image", new byte[100 << 20]));
            Write("cut-idx4-ubyte", [0, 0, 8, 4, 0, 0, 0, 9, 0, 0, 0, 3, 0, 0, 0, 32, 0, 0, 0, 32, 1]);
            Write("garbage-idx4-ubyte.gz", "no gzip");
            using (var packed = new GZipStream(File.Create(Path.Combine(Root, "bomb-idx4-ubyte.gz")), CompressionLevel.Optimal))
            {
                packed.Write(new byte[100 << 20]);
            }

            Write("odd.bin", new byte[12_289]);
        }

        private void Archive(string name, params ReadOnlySpan<(string Name, byte[] Bytes)> entries)
        {
            using var archive = ZipFile.Open(Path.Combine(Root, name), ZipArchiveMode.Create);
            foreach (var (entry, bytes) in entries)
            {
                using var stream = archive.CreateEntry(entry + ".npy", CompressionLevel.Optimal).Open();
                stream.Write(bytes);
            }
        }

        private static byte[] Npy(float[] values, params long[] shape)
        {
            using var stream = new MemoryStream();
            NpyWriter.Write(stream, Tensor.FromArray(values, new Shape(shape)));
            return stream.ToArray();
        }

        private static byte[] Header(string type, string shape)
        {
            byte[] text = System.Text.Encoding.ASCII.GetBytes($"{{'descr': {type}, 'fortran_order': False, 'shape': {shape}, }}\n");
            return [0x93, .. "NUMPY"u8, 1, 0, (byte)text.Length, 0, .. text, .. new byte[64]];
        }
    }
}
