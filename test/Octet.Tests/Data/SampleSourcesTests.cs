using Octet.Data;
using Octet.Numerics;

namespace Octet.Tests.Data;

public class SampleSourcesTests
{
    private static readonly InputSpec Picture = new("input", ElementType.Float32, [null, 3, 4, 6]);
    private static readonly InputSpec Rows = new("x", ElementType.Float32, [null, 3]);

    [Fact]
    public void Open_WhenAFolderOfPictures_OrdersByNameAndReadsLabels()
    {
        using var folder = new DataFolder();
        folder.WriteBmp("b.bmp", 6, 4, (x, y) => ((byte)(x * 10), (byte)(y * 10), 7));
        folder.WriteBmp("B.bmp", 6, 4, (_, _) => (1, 2, 3));
        folder.WriteBmp("a.bmp", 6, 4, (_, _) => (1, 2, 3));
        folder.Write("labels.txt", "b.bmp 5 bee\na.bmp 1\nB.bmp 2\n");
        folder.Write(".hidden", "?");

        var source = SampleSources.Open(folder.Root, [Picture], new SampleOptions());
        var sample = source.Load(2);

        Assert.Equal(["B.bmp", "a.bmp", "b.bmp"], Enumerable.Range(0, source.Count).Select(source.NameOf));
        Assert.Equal([2, 1, 5], Enumerable.Range(0, 3).Select(source.LabelOf));
        Assert.Equal(5, sample.Label);
        Assert.Equal(new Shape(1, 3, 4, 6), sample.Inputs["input"].Shape);
        var values = sample.Inputs["input"].ToFloats();
        Assert.Equal([0f, 10, 20, 30, 40, 50], values[..6]);
        Assert.Equal([0f, 10, 20, 30], Enumerable.Range(0, 4).Select(y => values[24 + y * 6]));
        Assert.Equal(7f, values[71]);
    }

    [Theory]
    [InlineData("rgb,scale=1/255,mean=.5:.25:.125,std=.5:2:4", 200, 100, 50)]
    [InlineData("bgr,mean=10:20:30", 200, 100, 50)]
    [InlineData("mean=10,resize=6x4,std=2", 200, 100, 50)]
    public void Open_WhenPreprocessed_ComputesWhatTheRecipeSays(string recipe, int red, int green, int blue)
    {
        using var folder = new DataFolder();
        folder.WriteBmp("a.bmp", 6, 4, (_, _) => ((byte)red, (byte)green, (byte)blue));

        var values = SampleSources.Open(folder.Root, [Picture], new SampleOptions { Preprocess = Preprocess.Parse(recipe) }).Load(0).Inputs["input"].ToFloats();

        double[] rgb = [red, green, blue];
        double[] wanted = recipe switch
        {
            ['r', ..] => [(rgb[0] / 255 - .5) / .5, (rgb[1] / 255 - .25) / 2, (rgb[2] / 255 - .125) / 4],
            ['b', ..] => [rgb[2] - 10, rgb[1] - 20, rgb[0] - 30],
            _ => [(rgb[0] - 10) / 2, (rgb[1] - 10) / 2, (rgb[2] - 10) / 2],
        };
        for (int c = 0; c < 3; c++)
        {
            Assert.Equal((float)wanted[c], values[c * 24], 1e-5f);
            Assert.Equal((float)wanted[c], values[c * 24 + 23], 1e-5f);
        }
    }

    [Fact]
    public void Open_WhenTheModelIsChannelsLast_KeepsPixelsTogether()
    {
        using var folder = new DataFolder();
        folder.WriteBmp("a.bmp", 6, 4, (x, y) => ((byte)x, (byte)y, 9));

        var tensor = SampleSources.Open(folder.Root, [new InputSpec("", ElementType.UInt8, [1, 4, 6, 3])], new SampleOptions()).Load(0).Inputs[""];

        Assert.Equal("UInt8[1,4,6,3]", tensor.ToString());
        Assert.Equal([0, 0, 9, 1, 0, 9], tensor.AsSpan<byte>()[..6].ToArray());
    }

    [Fact]
    public void Open_WhenPicturesHaveTheTargetsSize_FitLeavesThemAlone()
    {
        using var folder = new DataFolder();
        folder.WriteBmp("a.bmp", 6, 4, (x, y) => ((byte)(x * 7), (byte)(y * 9), 1));
        folder.WriteBmp("b.bmp", 60, 50, (_, _) => (3, 4, 5));
        var options = new SampleOptions { Preprocess = Preprocess.Parse("fit") };

        var source = SampleSources.Open(folder.Root, [Picture], options);
        var plain = SampleSources.Open(folder.Root, [Picture], new SampleOptions());

        Assert.Equal(plain.Load(0).Inputs["input"].ToFloats(), source.Load(0).Inputs["input"].ToFloats());
        Assert.Equal(new Shape(1, 3, 4, 6), source.Load(1).Inputs["input"].Shape);
    }

    [Fact]
    public void Open_WhenAListFile_TakesItsOrderAndLabels()
    {
        using var folder = new DataFolder();
        folder.WriteBmp("pictures/z.bmp", 6, 4, (_, _) => (1, 1, 1));
        folder.WriteBmp("a.bmp", 6, 4, (_, _) => (2, 2, 2));
        string list = folder.Write("list.txt", "# two\npictures/z.bmp 3 zebra 0.5\r\n\na.bmp\n");

        var source = SampleSources.Open(list, [Picture], new SampleOptions());

        Assert.Equal(["pictures/z.bmp", "a.bmp"], [source.NameOf(0), source.NameOf(1)]);
        Assert.Equal([3, null], [source.LabelOf(0), source.LabelOf(1)]);
    }

    [Fact]
    public void Open_WhenRowsOfAnArray_ConvertsTypeAndAddsTheBatch()
    {
        using var folder = new DataFolder();
        string path = folder.WriteNpy("x.npy", [1L, 2, 3, 4, 5, 6], 2, 3);

        var source = SampleSources.Open(path, [Rows], new SampleOptions());

        Assert.Equal(2, source.Count);
        Assert.Equal("Float32[1,3]", source.Load(1).Inputs["x"].ToString());
        Assert.Equal([4f, 5, 6], source.Load(1).Inputs["x"].ToFloats());
    }

    [Fact]
    public void Open_WhenOneSampleIsWithoutBatch_IsOneSample()
    {
        using var folder = new DataFolder();
        string path = folder.WriteNpy("x.npy", new float[3 * 4 * 6], 3, 4, 6);

        Assert.Equal(1, SampleSources.Open(path, [Picture], new SampleOptions()).Count);
    }

    [Fact]
    public void Open_WhenDimensionsOfOneAreMissing_AddsThem()
    {
        using var folder = new DataFolder();
        string path = folder.WriteNpy("x.npy", new float[2 * 4 * 6], 2, 4, 6);

        Assert.Equal(new Shape(1, 1, 4, 6), SampleSources.Open(path, [new InputSpec("x", ElementType.Float32, [null, 1, 4, 6])], new SampleOptions()).Load(1).Inputs["x"].Shape);
    }

    [Fact]
    public void Open_WhenArraysOfPicturesArePreprocessed_TurnsTheLayout()
    {
        using var folder = new DataFolder();
        string path = folder.WriteNpy("x.npy", [.. Enumerable.Range(0, 72).Select(i => (byte)i)], 1, 4, 6, 3);

        var values = SampleSources.Open(path, [Picture], new SampleOptions { Preprocess = Preprocess.Parse("unit") }).Load(0).Inputs["input"].ToFloats();

        Assert.Equal([0f, 3f / 255, 6f / 255], values[..3]);
        Assert.Equal(1f / 255, values[24]);
    }

    [Fact]
    public void Open_WhenFilesAreRawOrArrays_TakesOneSampleEach()
    {
        using var folder = new DataFolder();
        folder.WriteNpy("n/1.npy", [1f, 2, 3], 3);
        folder.WriteNpy("n/2.npy", [4f, 5, 6], 1, 3);
        folder.Write("r/1.bin", new byte[12]);
        folder.Write("r/2.bin", [.. BitConverter.GetBytes(2f), .. new byte[8]]);
        folder.Write("all.bin", new byte[36]);

        Assert.Equal([4f, 5, 6], SampleSources.Open(folder.PathOf("n"), [Rows], new SampleOptions()).Load(1).Inputs["x"].ToFloats());
        Assert.Equal([2f, 0, 0], SampleSources.Open(folder.PathOf("r"), [Rows], new SampleOptions()).Load(1).Inputs["x"].ToFloats());
        Assert.Equal(3, SampleSources.Open(folder.PathOf("all.bin"), [Rows], new SampleOptions()).Count);
    }

    [Theory]
    [InlineData("input_ids={0}/ids.npy,attention_mask={0}/mask.npy")]
    [InlineData("ids={0}/ids.npy, mask={0}/mask.npy")]
    [InlineData("mask={0}/mask.npy,input_ids={0}/ids.npy")]
    [InlineData("{0}/both.npz")]
    public void Open_WhenThereAreSeveralInputs_PairsThem(string specification)
    {
        using var folder = new DataFolder();
        folder.WriteNpy("ids.npy", [1L, 2, 3, 4], 2, 2);
        folder.WriteNpy("mask.npy", [1L, 1, 1, 0], 2, 2);
        using (var stream = File.Create(folder.PathOf("both.npz")))
        {
            Octet.Data.Arrays.NpyWriter.WriteArchive(stream, [
                new("input_ids", Tensor.FromArray(new long[] { 1, 2, 3, 4 }, new Shape(2, 2))),
                new("attention_mask", Tensor.FromArray(new long[] { 1, 1, 1, 0 }, new Shape(2, 2)))]);
        }

        var source = SampleSources.Open(string.Format(null, specification, folder.Root), TwoInputs, new SampleOptions());

        Assert.Equal(2, source.Count);
        Assert.Equal([3L, 4], source.Load(1).Inputs["input_ids"].ToInt64s());
        Assert.Equal([1L, 0], source.Load(1).Inputs["attention_mask"].ToInt64s());
    }

    [Theory]
    [InlineData("idz={0}/ids.npy,mask={0}/mask.npy", "no input \"idz\"")]
    [InlineData("i={0}/ids.npy,mask={0}/mask.npy", "may mean")]
    [InlineData("ids={0}/ids.npy", "\"attention_mask\" gets no data")]
    [InlineData("ids={0}/ids.npy,input_ids={0}/ids.npy", "given twice")]
    [InlineData("ids={0}/ids.npy,mask={0}/three.npy", "has 2 samples, but input \"attention_mask\" has 3")]
    [InlineData("{0}/ids.npy", "the model has 2 inputs")]
    public void Open_WhenInputsAreMixedUp_SaysHow(string specification, string problem)
    {
        using var folder = new DataFolder();
        folder.WriteNpy("ids.npy", [1L, 2, 3, 4], 2, 2);
        folder.WriteNpy("mask.npy", [1L, 1, 1, 0], 2, 2);
        folder.WriteNpy("three.npy", new long[6], 3, 2);

        var error = Assert.Throws<OctetException>(() => SampleSources.Open(string.Format(null, specification, folder.Root), TwoInputs, new SampleOptions()));

        Assert.Equal(ErrorCodes.InputsMismatched, error.Code);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_WhenTheBatchIsFixed_GathersSamples()
    {
        using var folder = new DataFolder();
        string path = folder.WriteNpy("x.npy", [.. Enumerable.Range(0, 12).Select(i => (float)i)], 4, 3);
        string labels = folder.WriteNpy("labels.npy", [7, 8, 9, 10], 4);
        var spec = new InputSpec("x", ElementType.Float32, [2, 3]);

        var source = SampleSources.Open(path, [spec], new SampleOptions { Labels = labels });

        Assert.Equal(2, source.Count);
        Assert.Equal("Float32[2,3]", source.Load(1).Inputs["x"].ToString());
        Assert.Equal([6f, 7, 8, 9, 10, 11], source.Load(1).Inputs["x"].ToFloats());
        Assert.Equal([9, 10], source.LabelsOf(1));
        Assert.Null(source.LabelOf(1));
        var error = Assert.Throws<OctetException>(() => SampleSources.Open(path, [spec], new SampleOptions { Samples = 3 }));
        Assert.Equal(ErrorCodes.BatchIncomplete, error.Code);
    }

    [Fact]
    public void Open_WhenShuffled_DrawsTheSameOrderFromTheSameSeed()
    {
        using var folder = new DataFolder();
        string path = folder.WriteNpy("x.npy", [.. Enumerable.Range(0, 300).Select(i => (float)i)], 100, 3);

        string[] Names(ulong seed, int? samples = null)
        {
            var source = SampleSources.Open(path, [Rows], new SampleOptions { Shuffle = true, Seed = seed, Samples = samples });
            return [.. Enumerable.Range(0, source.Count).Select(source.NameOf)];
        }

        Assert.Equal(Names(1), Names(1));
        Assert.NotEqual(Names(1), Names(2));
        Assert.Equal(100, Names(1).Distinct().Count());
        Assert.Equal(Names(1)[..10], Names(1, 10));
    }

    [Fact]
    public void Fingerprint_WhenOnlyThePlaceDiffers_IsTheSameAndElseAnother()
    {
        using var folder = new DataFolder();
        foreach (string place in new[] { "one", "two" })
        {
            folder.WriteBmp($"{place}/{place}_a.bmp", 6, 4, (x, _) => ((byte)x, 1, 1));
            folder.WriteBmp($"{place}/{place}_b.bmp", 6, 4, (x, _) => ((byte)x, 2, 1));
        }

        string Of(string place, SampleOptions options) => SampleSources.Open(folder.PathOf(place), [Picture], options).Fingerprint;

        Assert.Equal(Of("one", new SampleOptions()), Of("two", new SampleOptions()));
        Assert.NotEqual(Of("one", new SampleOptions()), Of("one", new SampleOptions { Samples = 1 }));
        Assert.NotEqual(Of("one", new SampleOptions()), Of("one", new SampleOptions { Preprocess = Preprocess.Parse("unit") }));
        Assert.Matches("^[0-9a-f]{64}$", Of("one", new SampleOptions()));
    }

    [Fact]
    public void Load_WhenSeveralThreadsDoIt_GivesTheSame()
    {
        using var folder = new DataFolder();
        for (int i = 0; i < 20; i++)
        {
            folder.WriteBmp($"{i:D2}.bmp", 30, 20, (x, y) => ((byte)(x * i), (byte)(y * i), 1));
        }

        var source = SampleSources.Open(folder.Root, [Picture], new SampleOptions { Preprocess = Preprocess.Parse("imagenet") });
        var alone = Enumerable.Range(0, 20).Select(i => source.Load(i).Inputs["input"].ToFloats()).ToArray();
        var together = new float[20][];

        Parallel.For(0, 20, i => together[i] = source.Load(i).Inputs["input"].ToFloats());

        Assert.Equal(alone, together);
    }

    public static TheoryData<string, string, string> BadData => new()
    {
        { "missing", ErrorCodes.DataMissing, "missing" },
        { "empty", ErrorCodes.DataEmpty, "no samples" },
        { "nested", ErrorCodes.DataEmpty, "write a list file" },
        { "text among pictures", ErrorCodes.NotAPicture, "notes.md" },
        { "other", ErrorCodes.DataUnrecognized, "model.onnx" },
        { "arrays and others", ErrorCodes.DataUnrecognized, "b.bin" },
        { "file.onnx", ErrorCodes.DataUnrecognized, "file.onnx" },
        { "missing line.txt", ErrorCodes.ListMalformed, "line 2: there is no file \"none.bmp\"" },
        { "bad label.txt", ErrorCodes.ListMalformed, "line 1: the label \"dog\"" },
        { "empty.txt", ErrorCodes.DataEmpty, "no samples" },
        { "binary.txt", ErrorCodes.ListMalformed, "no UTF-8 text" },
        { "odd.bin", ErrorCodes.ArrayMalformed, "no multiple of the 288" },
        { "cut.npy", ErrorCodes.ArrayMalformed, "cut off" },
        { "cut-idx3-ubyte", ErrorCodes.ArrayMalformed, "takes 47040000 x 1 bytes" },
        { "cut-idx3-ubyte.gz", ErrorCodes.ArrayMalformed, "gzip" },
    };

    [Theory]
    [MemberData(nameof(BadData))]
    public void Open_WhenTheDataIsBad_IsACodedErrorThatNamesIt(string name, string code, string problem)
    {
        using var folder = new DataFolder();
        Directory.CreateDirectory(folder.PathOf("empty"));
        Directory.CreateDirectory(folder.PathOf("nested/inner"));
        folder.WriteBmp("text among pictures/a.bmp", 6, 4, (_, _) => default);
        folder.Write("text among pictures/notes.md", "text");
        folder.Write("other/model.onnx", "?");
        folder.WriteNpy("arrays and others/a.npy", [1f], 1);
        folder.Write("arrays and others/b.bin", "?");
        folder.Write("file.onnx", "?");
        folder.Write("missing line.txt", "file.onnx 1\nnone.bmp 2\n");
        folder.Write("bad label.txt", "file.onnx dog\n");
        folder.Write("empty.txt", "# nothing\n");
        folder.Write("binary.txt", [0xFF, 0xFE, 0xFD]);
        folder.Write("odd.bin", new byte[289]);
        folder.Write("cut-idx3-ubyte", [0, 0, 8, 3, 0, 0, 0xEA, 0x60, 0, 0, 0, 28, 0, 0, 0, 28, 1, 2, 3]);
        folder.Write("cut-idx3-ubyte.gz", "no gzip");
        string npy = folder.WriteNpy("cut.npy", new float[100], 100);
        File.WriteAllBytes(npy, File.ReadAllBytes(npy)[..200]);

        var error = Assert.Throws<OctetException>(() => SampleSources.Open(folder.PathOf(name), [Picture], new SampleOptions()));

        Assert.Equal((code, 4), (error.Code, error.ExitStatus));
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WhenASampleDoesNotFit_NamesIt()
    {
        using var folder = new DataFolder();
        folder.WriteBmp("p/a.bmp", 6, 4, (_, _) => default);
        folder.WriteBmp("p/b.bmp", 7, 4, (_, _) => default);
        folder.Write("p/c.bmp", "BM");
        string floats = folder.WriteNpy("f.npy", [1f, 2.5f, 3], 1, 3);
        string large = folder.WriteNpy("l.npy", [1L, 300, 3], 1, 3);
        string wide = folder.WriteNpy("w.npy", new float[8], 2, 4);
        var pictures = SampleSources.Open(folder.PathOf("p"), [Picture], new SampleOptions());

        Error(() => pictures.Load(1), ErrorCodes.SampleShape, "sample 1 (\"b.bmp\")");
        Error(() => pictures.Load(2), ErrorCodes.PictureDamaged, "sample 2 (\"c.bmp\")");
        Error(() => SampleSources.Open(floats, [Rows with { Type = ElementType.Int64 }], new SampleOptions()).Load(0), ErrorCodes.SampleOutOfRange, "2.5");
        Error(() => SampleSources.Open(large, [Rows with { Type = ElementType.UInt8 }], new SampleOptions()).Load(0), ErrorCodes.SampleOutOfRange, "300");
        Error(() => SampleSources.Open(wide, [Rows], new SampleOptions()).Load(1), ErrorCodes.SampleShape, "sample 1 (\"row 1\")");
    }

    [Theory]
    [InlineData("gray", "gray gives 1 channels")]
    [InlineData("mean=1:2", "needs 1 value or 3")]
    [InlineData("crop=7x7", "too small to crop 7x7")]
    public void Open_WhenTheRecipeDoesNotFitTheModel_SaysWhy(string recipe, string problem)
    {
        using var folder = new DataFolder();
        folder.WriteBmp("a.bmp", 6, 4, (_, _) => default);

        var error = Assert.Throws<OctetException>(() => SampleSources.Open(folder.Root, [Picture], new SampleOptions { Preprocess = Preprocess.Parse(recipe) }).Load(0));

        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FromAsync_WhenSamplesCome_KeepsThemForReadingInAnyOrder()
    {
        static async IAsyncEnumerable<Sample> Make()
        {
            for (int i = 0; i < 5; i++)
            {
                await Task.Yield();
                yield return new Sample(i, $"s{i}", new Dictionary<string, Tensor> { [""] = Tensor.FromArray(new float[] { i, i + 1 }, new Shape(1, 2)) }, i);
            }
        }

        using var spool = await SampleSources.FromAsync(Make());
        var memory = SampleSources.FromMemory(Enumerable.Range(0, 5).Select(spool.Load));

        Assert.Equal(5, spool.Count);
        Assert.Equal([3f, 4], spool.Load(3).Inputs[""].ToFloats());
        Assert.Equal([0f, 1], spool.Load(0).Inputs[""].ToFloats());
        Assert.Equal((2, "s2"), (spool.LabelOf(2), spool.NameOf(2)));
        Assert.Equal(memory.Fingerprint, spool.Fingerprint);
    }

    [SharedFact("imagenet/test")]
    public void Open_WhenRealPhotographs_GivesTheReferenceInput()
    {
        var spec = new InputSpec("input", ElementType.Float32, [null, 3, 224, 224]);
        var source = SampleSources.Open(SharedData.PathOf("imagenet/test/labels.txt"), [spec], new SampleOptions { Preprocess = Preprocess.Parse("imagenet") });

        Assert.Equal(200, source.Count);
        Assert.Equal(1, source.LabelOf(0));
        var values = source.Load(0).Inputs["input"].ToFloats();
        var pixels = Octet.Data.Images.PictureFile.Read(SharedData.PathOf("imagenet/test/0001_n01443537.jpg"), "x").Pixels;
        float[] mean = [.485f, .456f, .406f];
        float[] deviation = [.229f, .224f, .225f];
        for (int i = 0; i < values.Length; i++)
        {
            int c = i / (224 * 224);
            Assert.Equal((pixels[i % (224 * 224) * 3 + c] / 255f - mean[c]) / deviation[c], values[i], 2e-6f);
        }
    }

    [SharedFact("mnist/t10k-images-idx3-ubyte.gz")]
    public void Open_WhenTheMnistTestSet_HasTenThousandDigitsAndLabels()
    {
        var spec = new InputSpec("input", ElementType.Float32, [null, 1, 28, 28]);
        var source = SampleSources.Open(
            SharedData.PathOf("mnist/t10k-images-idx3-ubyte.gz"), [spec], new SampleOptions { Labels = SharedData.PathOf("mnist/t10k-labels-idx1-ubyte.gz") });

        Assert.Equal(10_000, source.Count);
        Assert.Equal([7, 2, 1, 0, 4], Enumerable.Range(0, 5).Select(source.LabelOf));
        Assert.Equal(255f, source.Load(1).Inputs["input"].ToFloats().Max());
    }

    private static InputSpec[] TwoInputs =>
        [new("input_ids", ElementType.Int64, [null, 2]), new("attention_mask", ElementType.Int64, [null, null])];

    private static void Error(Action act, string code, string problem)
    {
        var error = Assert.Throws<OctetException>(act);
        Assert.Equal(code, error.Code);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }
}
