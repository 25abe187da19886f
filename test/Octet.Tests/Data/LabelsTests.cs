using Octet.Data;

namespace Octet.Tests.Data;

public class LabelsTests
{
    [Fact]
    public void Read_WhenNamesAndLabels_FindsByNameOrFileName()
    {
        using var folder = new DataFolder();
        var labels = Labels.Read(folder.Write("labels.txt", "# names\na.jpg 3 dog\nsub/b.jpg\t4\n"));

        Assert.Equal(3, labels.Of(99, "a.jpg"));
        Assert.Equal(3, labels.Of(99, "elsewhere/a.jpg"));
        Assert.Equal(4, labels.Of(0, "sub/b.jpg"));
        Assert.Equal(4, labels.Of(0, "b.jpg"));
        Assert.Null(labels.Of(0, "c.jpg"));
    }

    [Fact]
    public void Read_WhenNumbersOnly_GoesByPosition()
    {
        using var folder = new DataFolder();
        foreach (string path in new[] { folder.Write("l.txt", "5\n6\n"), folder.WriteNpy("l.npy", [5L, 6], 2), folder.Write("l-idx1-ubyte", [0, 0, 8, 1, 0, 0, 0, 2, 5, 6]) })
        {
            var labels = Labels.Read(path);

            Assert.Equal([5, 6, null], [labels.Of(0, "row 0"), labels.Of(1, "row 1"), labels.Of(2, "row 2")]);
        }
    }

    [Theory]
    [InlineData("a.jpg 1\nb.jpg dog\n", "line 2")]
    [InlineData("a.jpg 1\nb.jpg\n", "line 2")]
    [InlineData("a.jpg -1\n", "line 1")]
    [InlineData("a.jpg 1\na.jpg 2\n", "second label")]
    [InlineData("\n", "no label")]
    public void Read_WhenTextIsWrong_NamesTheLine(string text, string problem)
    {
        using var folder = new DataFolder();
        string path = folder.Write("labels.txt", text);

        var error = Assert.Throws<OctetException>(() => Labels.Read(path));

        Assert.Equal(ErrorCodes.LabelsMalformed, error.Code);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_WhenAnArrayIsNoListOfClasses_Refuses()
    {
        using var folder = new DataFolder();
        foreach (string path in new[] { folder.WriteNpy("f.npy", [1f], 1), folder.WriteNpy("n.npy", [-1L], 1), folder.WriteNpy("s.npy", [1L, 2, 3, 4], 2, 2) })
        {
            Assert.Equal(ErrorCodes.LabelsMalformed, Assert.Throws<OctetException>(() => Labels.Read(path)).Code);
        }
    }
}
