# SPDX-License-Identifier: EUPL-1.2
"""What a person does in a browser: keyboard only, a narrow screen, no script."""
