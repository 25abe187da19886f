namespace Octet.Tests.Cli;

/// <summary>Texts as they were when somebody looked at them and found them good: files beside the tests.</summary>
internal static class Snapshot
{
    /// <summary>Compares a text with a snapshot. Where they differ, the text is left in the artifacts, to be looked at.</summary>
    /// <param name="name">Name of the file in the folder Snapshots.</param>
    /// <param name="text">The text.</param>
    public static void Matches(string name, string text)
    {
        string path = Path.Combine(SharedData.RepositoryRoot, "test", "Octet.Tests", "Cli", "Snapshots", name);
        string expected = File.Exists(path) ? File.ReadAllText(path) : "";
        if (expected != text)
        {
            string received = Path.Combine(Directory.CreateDirectory(Path.Combine(SharedData.RepositoryRoot, "artifacts", "snapshots")).FullName, name);
            File.WriteAllText(received, text);
            Assert.Fail($"the text differs from {path}; it lies in {received}: look at both, and replace the snapshot if the new text is better");
        }
    }
}
