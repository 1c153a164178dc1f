using System.Net;
using System.Text;

namespace Agent.IntegrationTests;

/// <summary>Answers what OpenAI's and Anthropic's services answer: a model that wants a tool called if it has one, and one called «bad» that there is not.</summary>
sealed class FakeModel : IDisposable
{
    const string Usage = "\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3,\"total_tokens\":10}";

    readonly HttpSite _site = new(Answer);

    public string Address => _site.Address;

    public void Dispose() => _site.Dispose();

    static async Task Answer(HttpListenerContext context)
    {
        using var reader = new StreamReader(context.Request.InputStream);
        var (status, body) = Answer(context.Request.Url!.AbsolutePath, await reader.ReadToEndAsync());
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body));
        context.Response.Close();
    }

    static (int Status, string Body) Answer(string path, string question) => (path, question) switch
    {
        ("/v1/messages", _) when question.Contains("\"bad\"", StringComparison.Ordinal) => (400, """{"type":"error","error":{"type":"invalid_request_error","message":"no such model"}}"""),
        ("/v1/messages", _) => (200, """{"id":"a1","type":"message","role":"assistant","model":"m1","content":[{"type":"text","text":"s3cret-answer"}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":7,"output_tokens":3}}"""),
        (_, _) when question.Contains("\"bad\"", StringComparison.Ordinal) => (400, """{"error":{"message":"no such model","type":"invalid_request_error","code":"400"}}"""),
        ("/v1/embeddings", _) => (200, """{"object":"list","model":"e1","data":[{"object":"embedding","index":0,"embedding":"AACAPwAAAEA="}],"usage":{"prompt_tokens":7,"total_tokens":7}}"""),
        (_, _) when question.Contains("\"tools\"", StringComparison.Ordinal) && !question.Contains("\"tool\"", StringComparison.Ordinal) => (200, Completion("""{"role":"assistant","content":null,"tool_calls":[{"id":"t1","type":"function","function":{"name":"weather","arguments":"{\"place\":\"nowhere\"}"}}]}""", "tool_calls")),
        _ => (200, Completion("""{"role":"assistant","content":"s3cret-answer"}""", "stop")),
    };

    static string Completion(string message, string reason) =>
        "{\"id\":\"c1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m1\",\"choices\":[{\"index\":0,\"message\":" + message + ",\"finish_reason\":\"" + reason + "\"}]," + Usage + "}";
}
