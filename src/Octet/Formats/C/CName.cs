using System.Text;

namespace Octet.Formats.C;

/// <summary>Makes identifiers of C out of names.</summary>
public static class CName
{
    /// <summary>A name with everything but ASCII letters, digits and _ replaced by _, no _ at its ends, and a letter in front.</summary>
    public static string Of(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var result = new StringBuilder();
        foreach (char c in name)
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                _ = result.Append(c);
            }
            else if (result.Length > 0 && result[^1] != '_')
            {
                _ = result.Append('_');
            }
        }

        string trimmed = result.ToString().TrimEnd('_');
        return trimmed.Length == 0 || char.IsAsciiDigit(trimmed[0]) ? $"n{trimmed}" : trimmed;
    }
}
