using System.Globalization;

namespace Octet.Data.Sources;

/// <summary>Reads lists of samples: <c>name label …</c> a line, names relative to the list, the label (a number from 0 on) optional.</summary>
internal static class ListFile
{
    /// <summary>Reads a list; every file in it exists.</summary>
    /// <exception cref="OctetException"><see cref="ErrorCodes.ListMalformed"/> with the numbers of the lines, or the list cannot be read.</exception>
    internal static IReadOnlyList<DataFile> Read(string path)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var files = new List<DataFile>();
        var problems = new List<string>();
        foreach (var line in TextLines.Read(path))
        {
            string name = line.Columns[0];
            string file = Path.Combine(folder, name);
            int? label = null;
            if (line.Columns.Length > 1)
            {
                if (int.TryParse(line.Columns[1], NumberStyles.None, CultureInfo.InvariantCulture, out int number))
                {
                    label = number;
                }
                else
                {
                    problems.Add($"line {line.Number}: the label \"{line.Columns[1]}\" is no number from 0 on");
                }
            }

            if (!File.Exists(file))
            {
                problems.Add($"line {line.Number}: there is no file \"{name}\" in the list's folder");
            }

            files.Add(new DataFile(file, name, label));
        }

        return problems.Count == 0 ? files : throw new OctetException(ErrorCodes.ListMalformed, $"list \"{path}\": {TextLines.Join(problems)}", "a line is \"name label\", the name relative to the list");
    }
}
