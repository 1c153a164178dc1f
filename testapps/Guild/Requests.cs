using Mediator;

namespace Guild;

/// <summary>Requests and notifications, by Mediator.</summary>
static class Requests
{
    public static void Map(WebApplication app)
    {
        app.MapGet("/mediator/send", async (string name, IMediator mediator) =>
        {
            try
            {
                return await mediator.Send(new Ping(name));
            }
            catch (InvalidOperationException e)
            {
                return e.Message;
            }
        });
        app.MapGet("/mediator/object", async (string name, ISender sender) => (string?)await sender.Send((object)new Ping(name)));
        app.MapGet("/mediator/publish", async (string name, IPublisher publisher) =>
        {
            await publisher.Publish(new Arrived(name));
            return "published";
        });
    }
}

/// <summary>Somebody is asked whether he is there.</summary>
public sealed record Ping(string Name) : IRequest<string>;

/// <summary>Somebody has come.</summary>
public sealed record Arrived(string Name) : INotification;

/// <summary>Answers for everybody but nobody.</summary>
public sealed class PingHandler : IRequestHandler<Ping, string>
{
    public async ValueTask<string> Handle(Ping request, CancellationToken cancellationToken)
    {
        await Task.Yield();
        return request.Name == "nobody" ? throw new InvalidOperationException("Nobody is there.") : $"Dear {request.Name}";
    }
}

/// <summary>Tells somebody else.</summary>
public sealed class ArrivedHandler(ISender sender) : INotificationHandler<Arrived>
{
    public async ValueTask Handle(Arrived notification, CancellationToken cancellationToken) => await sender.Send(new Ping(notification.Name), cancellationToken);
}
