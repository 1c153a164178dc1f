using Anthropic;
using Anthropic.Exceptions;
using Anthropic.Models.Messages;

namespace Scribe;

/// <summary>Anthropic's own client.</summary>
static class AnthropicScribe
{
    public static void Map(WebApplication app, string model) => app.MapGet("/anthropic", async (string name) =>
    {
        using var client = new AnthropicClient { ApiKey = "s3cret-key", BaseUrl = model, MaxRetries = 0 };
        try
        {
            var message = await client.Messages.Create(new MessageCreateParams { Model = name, MaxTokens = 10, Messages = [new UserMessageParam { Content = "s3cret-question" }] });
            return message.StopReason?.Raw() ?? "";
        }
        catch (AnthropicBadRequestException)
        {
            return "400";
        }
    });
}
