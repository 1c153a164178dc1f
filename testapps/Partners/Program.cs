// Services of others, each called with its vendor's or its protocol's library, and libraries that hand work on inside of the app, each used
// as its documentation does it. Where the services are is in the configuration (`Partners:Grpc`, …); `Partners:Wolverine` and
// `Partners:Orleans` say whether these, which start with the app, are there.
using Partners;

var builder = WebApplication.CreateBuilder(args);
GraphQLPartner.Add(builder);
OrleansPartner.Add(builder);
WolverinePartner.Add(builder);
var app = builder.Build();
GrpcPartner.Map(app);
AzurePartner.Map(app);
CosmosPartner.Map(app);
AwsPartner.Map(app);
SoapPartner.Map(app);
NatsPartner.Map(app);
GraphQLPartner.Map(app);
OrleansPartner.Map(app);
WolverinePartner.Map(app);
MediatRPartner.Map(app);
app.Run();
