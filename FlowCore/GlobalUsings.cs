global using FlowCore.Compute;
