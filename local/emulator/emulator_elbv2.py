"""Corrections of moto's load balancers."""
from moto.elbv2.exceptions import ELBClientError
from moto.elbv2.models import ELBv2Backend


def one_balancer_each(create):
    """moto lets a target group serve several load balancers; AWS does not."""

    def patched(self, load_balancer_arn, *args, **kwargs):
        actions = kwargs.get("actions") or args[4]
        for action in actions:
            group = self.target_groups.get(action.get("TargetGroupArn"))
            others = [
                listener
                for arn, balancer in self.load_balancers.items()
                if group and arn != load_balancer_arn
                for listener in balancer.listeners.values()
                if any(group.arn in str(default.data) for default in listener.default_actions)
            ]
            if others:
                raise ELBClientError(
                    "TargetGroupAssociationLimit",
                    f"The following target groups cannot be associated with more than one load "
                    f"balancer: {group.arn}",
                )
        return create(self, load_balancer_arn, *args, **kwargs)

    return patched


ELBv2Backend.create_listener = one_balancer_each(ELBv2Backend.create_listener)
