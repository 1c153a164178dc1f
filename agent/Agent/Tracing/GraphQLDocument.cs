using System.Text.RegularExpressions;

namespace Agent.Tracing;

/// <summary>What may leave the process of the text of a GraphQL operation.</summary>
static partial class GraphQLDocument
{
    public const string Attribute = "graphql.document";

    /// <summary>Every text and number becomes a question mark, comments go. One that is not closed goes to the end: rather too much hidden.</summary>
    public static string WithoutLiterals(string document) =>
        Literal().Replace(document, static found => found.Value.StartsWith('#') ? "" : "?");

    [GeneratedRegex("""\"{3}(?:[^"\\]|\\.|"(?!""))*(?:\"{3}|$)|"(?:[^"\\\n]|\\.)*(?:"|$)|#[^\n]*|(?<![\w$])-?\d[\w.+-]*""", RegexOptions.Singleline)]
    private static partial Regex Literal();
}
