using System.Globalization;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Octet.Data;
using Octet.Data.Images;

namespace Octet.Tests.Data;

public class PreprocessTests
{
    [Theory]
    [InlineData("rgb,resize=224x224:linear,scale=.5,mean=.485:.456:.406,std=.229:.224:.225,nchw", "rgb,resize=224x224:linear,scale=0.5,mean=0.485:0.456:0.406,std=0.229:0.224:0.225,nchw")]
    [InlineData(" GRAY , resize , scale = 1/4 ", "gray,resize:linear,scale=0.25")]
    [InlineData("shorter=256:cubic,crop=224", "shorter=256:cubic,crop=224x224")]
    [InlineData("fit", "fit:antialias")]
    [InlineData("", "")]
    [InlineData("inception", "rgb,fit:antialias,mean=127.5,std=127.5")]
    public void Parse_WhenARecipeIsValid_GivesItsCanonicalForm(string recipe, string canonical)
    {
        Assert.Equal(canonical, Preprocess.Parse(recipe).ToString());
        Assert.Equal(Preprocess.Parse(recipe), Preprocess.Parse(canonical));
    }

    [Fact]
    public void Parse_WhenTheCultureUsesCommas_ReadsAndWritesTheSame()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("de-DE");
            Assert.Equal("scale=0.25,mean=0.5", Preprocess.Parse("scale=.25,mean=1/2").ToString());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Parse_WhenItIsAPreset_RoundTrips()
    {
        Assert.All(Preprocess.PresetNames, name => Assert.Equal(Preprocess.Parse(name), Preprocess.Parse(Preprocess.Parse(name).ToString())));
    }

    [Theory]
    [InlineData("imagnet", "did you mean \"imagenet\"")]
    [InlineData("rgb,resise=3x3", "did you mean \"resize\"")]
    [InlineData("resize=3x3:linaer", "did you mean \"linear\"")]
    [InlineData("resize=0x3", "wants a size")]
    [InlineData("resize=3x3x3", "wants a size")]
    [InlineData("shorter", "wants a number of pixels")]
    [InlineData("scale", "wants numbers")]
    [InlineData("scale=1/0", "wants numbers")]
    [InlineData("std=1:0:1", "none of them 0")]
    [InlineData("mean=NaN", "wants numbers")]
    [InlineData("scale=2,rgb", "rgb must be the first step")]
    [InlineData("nchw,scale=2", "nchw must be the last step")]
    [InlineData("imagenet,scale=2", "stands alone")]
    [InlineData("rgb,,scale=2", "a step is empty")]
    [InlineData("rgb=1", "takes no value")]
    [InlineData("no-such-file.json", "cannot be read")]
    public void Parse_WhenARecipeIsWrong_SaysHow(string recipe, string problem)
    {
        var error = Assert.Throws<OctetException>(() => Preprocess.Parse(recipe));

        Assert.Equal(ErrorCodes.PreprocessInvalid, error.Code);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_WhenSeveralThingsAreWrong_NamesAll()
    {
        var error = Assert.Throws<OctetException>(() => Preprocess.Parse("rbg,resize=a,std=0"));

        Assert.Contains("\"rgb\"", error.Message, StringComparison.Ordinal);
        Assert.Contains("\"resize=a\"", error.Message, StringComparison.Ordinal);
        Assert.Contains("\"std=0\"", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_WhenAJsonFileIsNamed_ReadsItsSteps()
    {
        using var folder = new DataFolder();
        string file = folder.Write("recipe.json", """["gray", "resize=8x4:nearest", /* to 0..1 */ "scale=1/255",]""");
        string broken = folder.Write("broken.json", """{"steps": 3}""");

        Assert.Equal(Preprocess.Parse("gray,resize=8x4:nearest,scale=1/255"), Preprocess.Parse(file));
        Assert.Equal(ErrorCodes.PreprocessInvalid, Assert.Throws<OctetException>(() => Preprocess.Parse(broken)).Code);
    }

    [Property]
    public FsCheck.Property ToString_WhenParsedAgain_IsTheSameRecipe(FsCheck.NormalFloat number, FsCheck.PositiveInt size)
    {
        double value = number.Get;
        int side = size.Get % 65_535 + 1;
        var recipe = new Preprocess(
            new PreprocessStep.Color(PixelOrder.Bgr),
            new PreprocessStep.Resize(side, 5, Interpolation.Cubic),
            new PreprocessStep.Crop(null, null),
            new PreprocessStep.Scale([value]),
            new PreprocessStep.Mean([value, -value, 1e-300]));
        return (Preprocess.Parse(recipe.ToString()).Equals(recipe) && Preprocess.Parse(recipe.ToString()).Steps[3] is PreprocessStep.Scale s && s.Factors[0].Equals(value)).ToProperty();
    }

    [Fact]
    public void Constructor_WhenAStepStandsWhereItCannot_Refuses()
        => Assert.Throws<OctetException>(() => new Preprocess(new PreprocessStep.Layout(PixelLayout.Nhwc), new PreprocessStep.Crop(1, 1)));
}
